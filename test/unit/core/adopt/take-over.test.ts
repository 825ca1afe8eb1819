import { describe, expect, it } from 'vitest';
import { nothingPreserved } from '../../../../src/core/model/preserved.js';
import { device, mark, name, type Part, peerFile, protocol, running, take, taken, up } from './taken.js';

describe('BIRD’s files wait', () => {
  it.each<[string, readonly { path: string; text: string }[], string, Part?]>([
    ['for a session whose options are not known', [peerFile('password "x";')], 'password'],
    ['for one that speaks over another interface', [peerFile('', 'wg0')], 'its neighbor is not the one'],
    [
      'for a device protocol whose name cannot be preserved',
      [peerFile()],
      'device protocol',
      { bird: running(up, protocol({ name: 'a-b', proto: 'Device' })) },
    ],
    [
      'while BIRD does not answer',
      [peerFile()],
      'BIRD does not answer',
      { bird: { running: false, reason: '' } },
    ],
    ['for a configuration without an end', [{ path: 'bird.conf', text: 'protocol bgp x {' }], 'no end'],
  ])('%s', (_, texts, words, part) => {
    const { obstacles, addresses } = take({ texts, ...part });
    expect(obstacles).toEqual([{ protocol: name, why: expect.stringContaining(words) }]);
    expect(addresses[mark]).toEqual(['fe80::1/64']);
  });

  it('for an unknown session, also while it is down', () => {
    const mine = {
      path: 'bird.conf',
      text: 'protocol bgp mine { neighbor 10.0.0.1 as 65000; ipv4 { import all; }; }',
    };
    const { obstacles } = take({ texts: [peerFile(), mine] });
    expect(obstacles).toEqual([
      { protocol: 'mine', why: expect.stringContaining('the control plane lists no session for it') },
    ]);
  });

  it('for nothing if an operator says so, or if no session is up', () => {
    expect(take({ texts: [peerFile('password "x";')], adopt: true }).obstacles).toEqual([]);
    expect(take({ texts: [peerFile('password "x";')], bird: running() }).obstacles).toEqual([]);
  });

  it('not for what stays in the operator’s bird.conf in include mode', () => {
    const mine = {
      path: 'bird.conf',
      text: 'protocol bgp mine { neighbor 10.0.0.1 as 65000; ipv4 { import all; }; }',
    };
    expect(take({ texts: [peerFile(), mine], mode: 'include' }).obstacles).toEqual([]);
  });

  it('not for sessions of the agent’s own files, which need no take-over', () => {
    const own = { ...peerFile('password "x";'), text: `# ${mark}\n${peerFile('password "x";').text}` };
    const ownFiles = new Map([[own.path, { kind: 'node' } as const]]);
    for (const texts of [[own], [{ path: 'bird.conf', text: 'router id 10.0.0.1;' }]]) {
      expect(take({ texts, ownFiles })).toMatchObject({ obstacles: [], preserved: nothingPreserved });
      expect(take({ texts, ownFiles, preserved: taken.preserved }).preserved).toEqual(taken.preserved);
    }
  });
});

describe('a session that is to end', () => {
  const gone = 'dn42_4242421081';
  const peer = { asn: 4242421081, publicKey: undefined, addresses: ['fe80::3'] };
  const ended = (part: object = {}) =>
    ({ kind: 'ignored', uuid: 'abc-125', status: 'disabled', interface: gone, peer, ...part }) as never;
  const file = (neighbor: string, more = '') => ({
    path: `peers/${gone}.conf`,
    text: `protocol bgp ${gone} { local as 4242420998; neighbor ${neighbor} as 4242421081; password "x"; ipv6 { import all; }; } ${more}`,
  });
  const bird = running(up, protocol({ name: gone }), device);

  it.each([
    ['its interface', `fe80::9%'${gone}'`],
    ['its interface in the old spelling', "fe80::9%'dn42-4242421081'"],
    ['its address', 'fe80::3'],
  ])('is known by its ASN and %s, and its file goes', (_, neighbor) => {
    const found = take({ texts: [peerFile(), file(neighbor)], bird }, {}, [ended()]);
    expect(found).toMatchObject({ obstacles: [], replaced: [`peers/${name}.conf`, `peers/${gone}.conf`] });
    expect([...found.ended]).toEqual(['abc-125']);
    expect(Object.keys(found.preserved.sessions)).toEqual([mark]);
  });

  it.each([
    ['another ASN', { peer: { ...peer, asn: 4242421082 } }, `fe80::3%'${gone}'`],
    ['another interface', {}, "fe80::3%'wg0'"],
    ['no ASN', { peer: undefined }, `fe80::3%'${gone}'`],
  ])('is not one with %s', (_, part, neighbor) => {
    const { obstacles } = take({ texts: [peerFile(), file(neighbor)], bird }, {}, [ended(part)]);
    expect(obstacles).toMatchObject([{ protocol: gone }]);
  });

  it('does not block if BIRD does not answer, but others do', () => {
    const found = take({ texts: [peerFile(), file('fe80::3')], bird: { running: false, reason: '' } }, {}, [
      ended(),
    ]);
    expect(found.obstacles.map(({ protocol }) => protocol)).toEqual([name]);
  });

  it('leaves a file in which there is another protocol, in include mode', () => {
    const mine = 'protocol bgp mine { neighbor 10.0.0.1 as 65000; ipv4 { import all; }; }';
    const found = take({ texts: [file('fe80::3', mine)], bird, mode: 'include' }, {}, [ended()]);
    expect(found).toMatchObject({ obstacles: [], replaced: [] });
  });

  it('takes no protocol away from a session that goes on', () => {
    const found = take({ texts: [peerFile('password "x";')] }, {}, [
      ended({ interface: name, peer: { ...peer, asn: 4242421080 } }),
    ]);
    expect(found.obstacles).toMatchObject([{ protocol: name }]);
    expect([...found.ended]).toEqual([]);
  });
});

it('keeps maintenance as it was switched', () => {
  const define = (value: string) => ({
    path: 'maintenance.conf',
    text: `define MAINTENANCE_MODE = ${value};`,
  });
  expect(
    [take({ texts: [define('true')] }), take({ texts: [define('false')] }), take({})].map(
      (each) => each.maintenance,
    ),
  ).toEqual([true, false, false]);
});

it('a session that the previous configuration does not have gets the agent’s own name for it', () => {
  const other = { path: 'peers/other.conf', text: peerFile().text.replaceAll('4242421080', '4242421999') };
  const constraints = take({ texts: [other], bird: running(device, protocol({ name: 'dn42_4242421999' })) });
  expect(constraints.adoptionBlocked).toBeDefined();
  expect(constraints.names).toEqual({});
});
