import { describe, expect, it } from 'vitest';
import { recall } from '../../../../src/core/adopt/recall.js';
import { nothingPreserved, preservedIsLost, preservedSchema } from '../../../../src/core/model/preserved.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { toBirdText } from '../../../../src/core/model/values/bird-text.js';
import { v4, v6 } from '../../make.js';
import { birdWith, device, mark, name, node, peerFile, protocol, running, take, taken } from './taken.js';

describe('an Established session of another configuration', () => {
  it('keeps its options, its addresses, and what of the node would reset it', () => {
    expect(taken).toMatchObject({
      obstacles: [],
      replaced: [`peers/${name}.conf`],
      addresses: { [mark]: ['fe80::1/64'] },
      names: { [mark]: [name] },
    });
    expect(taken.preserved.sessions[mark]).toMatchObject({
      protocols: [{ name, options: ['hold time 60'] }],
      addresses: ['fe80::1/64'],
    });
    expect(taken.preserved.node).toMatchObject({ routerId: '192.0.2.1', deviceName: 'main_device' });
    expect(preservedSchema.parse(JSON.parse(JSON.stringify(taken.preserved)))).toEqual(taken.preserved);
  });

  it.each([
    ['is Established still', {}, {}, true],
    ['is one whose BIRD does not answer', { bird: { running: false, reason: '' } as const }, {}, true],
    ['went down', { bird: running(protocol({ name }, 'Active')) }, {}, false],
    ['is gone', { bird: running() }, {}, false],
    ['is to speak with another address', {}, { ipv6LinkLocal: 'fe80::3' }, false],
    ['is to carry other families', {}, { extendedNextHop: false }, false],
    ['is to have another policy', {}, { policy: 'peer' }, true],
  ])('that %s: preserved %s', (_, part, session, isKept) => {
    const later = take({ preserved: taken.preserved, ...part }, session);
    expect(mark in later.preserved.sessions).toBe(isKept);
  });

  const read = (protocols: unknown, part: object = {}) => {
    const session = taken.preserved.sessions[mark];
    if (!session) throw new Error('nothing is kept');
    const wish = JSON.stringify([4242421080, name, protocols]);
    return { preserved: { ...taken.preserved, sessions: { [mark]: { ...session, wish } } }, ...part };
  };
  const asWanted = { name, families: ['ipv6'], extendedNextHop: true };

  it.each([
    ['took another address for the neighbor’s', read([{ ...asWanted, neighbor: 'fe80::998' }]), true],
    ['had fewer families', read([{ ...asWanted, families: [], neighbor: 'fe80::2' }]), true],
    ['had another family', read([{ ...asWanted, families: ['ipv4'], neighbor: 'fe80::2' }]), false],
    ['had another protocol', read([{ ...asWanted, name: 'x', neighbor: 'fe80::2' }]), false],
    ['had two protocols', read([asWanted, { ...asWanted, name: 'x' }]), false],
    ['is no wish', read('x'), false],
  ])('is preserved over an upgrade of the agent, which before %s: %s', (_, before, isKept) => {
    const later = take(before, { extendedNextHop: false });
    expect(mark in later.preserved.sessions).toBe(isKept);
    if (isKept)
      expect(take({ preserved: later.preserved }, { extendedNextHop: false }).preserved).toEqual(
        later.preserved,
      );
  });

  it('keeps the options of the node while a session is up and the router id stays the same', () => {
    expect(take({ preserved: taken.preserved }).preserved.node).toEqual(taken.preserved.node);
    expect(
      take({ preserved: taken.preserved, bird: running(protocol({ name }, 'Active')) }).preserved.node,
    ).toBeUndefined();
    const moved = { ...node, routerId: '10.0.0.9' as typeof node.routerId };
    expect(take({ preserved: taken.preserved, node: moved }).preserved.node).toBeUndefined();
  });
});

describe('the kernel protocols of another configuration', () => {
  const text = 'protocol kernel a_v4 { scan time 20; } protocol kernel a_v6 { scan time SOME; }';
  const texts = [peerFile(), { path: 'bird.conf', text }];

  it('keep their names and times if these are known', () => {
    const { node: found } = take({ texts, bird: birdWith({ kernels: ['a'] }) }).preserved;
    expect(found).toMatchObject({ kernelIpv4: { name: 'a_v4', scanTime: 20 }, kernelIpv6: undefined });
  });

  it('do not if there are two of them', () => {
    const { node: found } = take({ texts, bird: birdWith({ kernels: ['a', 'b'] }) }).preserved;
    expect(found).toMatchObject({ kernelIpv4: undefined, kernelIpv6: undefined });
  });
});

describe('an Established session with one of our own nodes', () => {
  const peer = {
    nodeId: 2,
    nodeName: toBirdText('hk1'),
    loopbackIpv4: v4('172.22.188.2'),
    loopbackIpv6: v6('fd00:4242:7777:102:1::1'),
    isRouteReflector: false,
  };
  const meshMark = 'moenet-agent:mesh:2';
  const file = (neighbor: string) => ({
    path: 'ibgp.d/hk1.conf',
    text: `protocol bgp hk1 { local as 4242420998; neighbor ${neighbor} as 4242420998; ipv6 { import all; }; }`,
  });
  const bird = running(device, protocol({ name: 'hk1' }));
  const input = { ibgpPeers: [peer], bird };
  const found = take({ ...input, texts: [file('fd00:4242:7777:102:1::1')] });

  it('is known by either of its loopbacks', () => {
    expect(found.obstacles).toEqual([]);
    expect(found.preserved.sessions[meshMark]).toMatchObject({ protocols: [{ name: 'hk1' }] });
    const byIpv4 = take({ ...input, texts: [file('172.22.188.2')] });
    expect(Object.keys(byIpv4.preserved.sessions)).toEqual([meshMark]);
  });

  it.each([
    ['another address', file('fd00:4242:7777:103:1::1')],
    ['another ASN', { ...peerFile(), text: file('172.22.188.2').text.replace(/998; ipv6/, '999; ipv6') }],
  ])('is not one with %s', (_, text) => {
    expect(take({ ...input, texts: [text] })).toMatchObject({
      preserved: { sessions: {} },
      obstacles: [{ protocol: 'hk1' }],
    });
  });

  it.each([
    ['nothing', {}, true],
    ['its name', { ibgpPeers: [{ ...peer, nodeName: toBirdText('hk2') }] }, true],
    ['its IPv4 loopback', { ibgpPeers: [{ ...peer, loopbackIpv4: v4('172.22.188.3') }] }, false],
    ['its IPv6 loopback', { ibgpPeers: [{ ...peer, loopbackIpv6: undefined }] }, false],
    ['its role', { ibgpPeers: [{ ...peer, isRouteReflector: true }] }, false],
    ['our ASN', { node: { ...node, asn: asn.parse(4242420997) } }, false],
    ['our IPv4 loopback', { node: { ...node, loopbackIpv4: undefined } }, false],
    ['our IPv6 loopback', { node: { ...node, loopbackIpv6: v6('fd00::9') } }, false],
    ['our role', { node: { ...node, isRouteReflector: true } }, false],
  ])('and the control plane changes %s: preserved %s', (_, part, isKept) => {
    const later = take({ ...input, preserved: found.preserved, ...part });
    expect(meshMark in later.preserved.sessions).toBe(isKept);
  });
});

/** What the agent's own files say of a node that has its ordinary names, and more. */
function ordinary(more = '') {
  const text = `# moenet-agent:node:\n\n${more}\nprotocol kernel moenet_kernel_v4 {}\nprotocol kernel moenet_kernel_v6 {}`;
  return recall(preservedIsLost, new Map([['bird.conf', text]]));
}

describe('when it is not remembered what was preserved', () => {
  const notice = (template: string) =>
    `# Made by moenet-agent, which undoes edits; the text is from its template ${template}.`;
  const own = (template: string) =>
    new Map([
      ['bird.conf', '# moenet-agent:node:\n\nrouter id 192.0.2.1;\nhostname "by-hand";\n'],
      [`peers/${name}.conf`, `# ${mark}\n${notice(template)}\n\n${peerFile('hold time 60;').text}`],
    ]);
  const recalled = recall(preservedIsLost, own('bird/kept.conf.hbs'));

  it('is read back from the agent’s own files', () => {
    const found = take({ recalled });
    expect(found.preserved.sessions).toEqual(taken.preserved.sessions);
    expect(found.preserved.node).toMatchObject({ hostname: 'by-hand', deviceName: 'main_device' });
    expect(found.preserved.isLost).toBeUndefined();
  });

  it.each([
    ['of a session that is down', { recalled, bird: running(protocol({ name }, 'Active')) }],
    [
      'of a file that was rendered as always',
      { recalled: recall(preservedIsLost, own('bird/peer.conf.hbs')) },
    ],
    ['where it is remembered', { recalled: recall(nothingPreserved, own('bird/kept.conf.hbs')) }],
    [
      'of files that cannot be read',
      {
        recalled: recall(
          preservedIsLost,
          own('bird/kept.conf.hbs').set('ibgp.d/x.conf', `# ${mark}\nprotocol bgp {`),
        ),
      },
    ],
  ])('is not, %s', (_, part) => {
    expect(take(part).preserved.sessions).toEqual({});
  });

  it('is determined again if BIRD did not answer; a node without preserved options has none afterwards', () => {
    const silent = take({ recalled, bird: { running: false, reason: '' } });
    expect(silent.preserved).toEqual({ sessions: taken.preserved.sessions, isLost: true });
    expect(preservedSchema.parse(silent.preserved)).toEqual(silent.preserved);
    expect(take({ recalled: ordinary(), bird: birdWith() }).preserved).toEqual(nothingPreserved);
  });

  it.each([
    ['its host name', ordinary('hostname "by-hand";'), birdWith(), { hostname: 'by-hand' }],
    ['its router id', ordinary(), birdWith({ routerId: '192.0.2.1' }), { routerId: '192.0.2.1' }],
    [
      'the name of its device protocol',
      ordinary(),
      birdWith({ device: 'main_device' }),
      { deviceName: 'main_device' },
    ],
  ])('keeps %s, if that is all there was', (_, recalled, bird, wanted) => {
    expect(take({ recalled, bird }).preserved.node).toMatchObject(wanted);
  });
});
