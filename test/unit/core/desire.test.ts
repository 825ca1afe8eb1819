import { beforeAll, describe, expect, it } from 'vitest';
import { parseBirdConfig } from '../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { parseMesh } from '../../../src/adapters/control-plane/parse/parse-mesh.js';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import { desire } from '../../../src/core/desire.js';
import type { DesireInput } from '../../../src/core/finish.js';
import type { Observed } from '../../../src/core/model/observed.js';
import { noConstraints } from '../../../src/core/model/previous-agent.js';
import type { SessionEntry } from '../../../src/core/model/session.js';
import { parsePrefix } from '../../../src/core/model/values/ip.js';
import { sessionId } from '../../../src/core/model/values/session-id.js';
import type { Templates } from '../../../src/core/render/templates.js';
import {
  bootstrap,
  makeEntry,
  makeLink,
  makeObserved,
  makeWireGuard,
  noDesireMemory,
  nodeSettings,
  otherKey,
  ownKey,
} from '../make.js';

let templates: Templates;

beforeAll(async () => {
  templates = await loadTemplates();
});

const birdConfig = parseBirdConfig({
  node: { id: 1 },
  policy: { dn42As: 4242420998, dn42Ipv4Prefix: '172.22.188.0/26' },
  ibgpPeers: [
    { nodeId: 2, nodeName: 'hk1', loopbackIpv4: '10.127.0.2', loopbackIpv6: 'fd00:4242:7777:102:1::1' },
  ],
});
const meshPeer = (nodeId: number, part: object = {}) => ({
  nodeId,
  nodeName: `node${nodeId}`,
  publicKey: otherKey,
  endpoint: `192.0.2.${nodeId}:51820`,
  loopbackIpv4: `172.22.188.${nodeId}`,
  ...part,
});

/** What the node is to be, on a machine that shows `observed`. */
function desireOn(
  observed: Partial<Observed>,
  lists: Partial<DesireInput['snapshot']> = {},
  part: Partial<DesireInput> = {},
) {
  return desire({
    observed: makeObserved(observed),
    creating: [],
    snapshot: { config: bootstrap, birdConfig, mesh: undefined, sessions: [makeEntry()], ...lists },
    settings: nodeSettings,
    key: { publicKey: ownKey },
    birdVersion: '2.0.12',
    templates,
    memory: noDesireMemory,
    orders: {},
    ...part,
  });
}

const peerFile = 'peers/dn42_4242421080.conf';

/** A BIRD that runs with somebody else's configuration, in which one session is up. */
function runs(text: string, name: string): Partial<Observed> {
  const protocol = { name, proto: 'BGP', state: 'up', since: '', info: '', disabled: false, channels: [] };
  const bgp = {
    state: 'Established',
    neighborAddress: undefined,
    neighborAs: undefined,
    lastError: undefined,
  };
  return {
    operatorConfig: { pieces: [{ path: '/etc/bird/bird.conf', text }] },
    bird: { running: true, version: '2.0.12', routerId: '172.22.188.1', protocols: [{ ...protocol, bgp }] },
  };
}

describe('BIRD’s files', () => {
  it('are rendered with a protocol for each session', () => {
    const desired = desireOn({});
    expect(desired.files?.map(({ path }) => path)).toContain(peerFile);
    expect(desired).toMatchObject({
      birdBlocked: undefined,
      problems: [],
    });
    expect(desired.protocols).toEqual([
      ...desired.nodeProtocols,
      { name: 'dn42_4242421080', owner: { kind: 'session', uuid: 'abc-123' }, off: false, returns: false },
    ]);
    expect(desired.nodeProtocols.map(({ name }) => name)).toContain('moenet_kernel_v4');
  });

  it('stay unchanged if a template cannot be filled, or was never good; tunnels go on', () => {
    const broken = { ...templates, 'bird/bgp.conf.hbs': '{{asnn}}' };
    const templateFault = { reason: 'templatesDir cannot be read', blocksBird: true };
    const wordsOf = {
      broken: 'cannot render them: template bird/bgp.conf.hbs: there is no value',
      fault: templateFault.reason,
    };
    for (const [part, words] of [
      [{ templates: broken }, wordsOf.broken],
      [{ templateFault }, wordsOf.fault],
    ] as const) {
      const desired = desireOn({}, {}, part);
      expect(desired).toMatchObject({ files: undefined, protocols: [], problems: [] });
      expect(desired.birdBlocked).toContain(words);
      expect(desired.tunnels).toHaveLength(1);
    }
  });

  it('are rendered with the last good templates, and the problem is named', () => {
    const templateFault = { reason: 'templatesDir cannot be read', blocksBird: false };
    const desired = desireOn({}, {}, { templateFault });
    expect(desired.files).toEqual(desireOn({}).files);
    expect(desired).toMatchObject({ birdBlocked: undefined, problems: ['templatesDir cannot be read'] });
  });

  it('stay unchanged if the present ones cannot be read', () => {
    const desired = desireOn({ birdFilesProblem: 'EIO: i/o error' });
    expect(desired).toMatchObject({ files: undefined, protocols: [] });
    expect(desired.birdBlocked).toBe(
      "the agent leaves BIRD's files unchanged, because it cannot read them: EIO: i/o error",
    );
  });

  it('stay unchanged, and nothing of others is removed, while they would end a session that is up', () => {
    const desired = desireOn(
      runs(
        'protocol bgp mine { local as 4242420998; neighbor 10.0.0.1 as 65000; ipv4 { import all; }; }',
        'mine',
      ),
    );
    expect(desired).toMatchObject({ files: undefined, protocols: [], replaced: [] });
    expect(desired.birdBlocked).toContain('would end or reset mine');
  });

  it.each([
    ['an ASN', { ...bootstrap, node: { ...bootstrap.node, asn: undefined } }, "gives this node's ASN"],
    [
      'anything to make a router id of',
      { ...bootstrap, node: { ...bootstrap.node, id: undefined, loopbackIpv4: undefined } },
      'so it has no router id',
    ],
  ])('stay unchanged without %s, and the reason is named', (_, config, words) => {
    const desired = desireOn({}, { config, birdConfig: undefined });
    expect(desired).toMatchObject({
      files: undefined,
      birdBlocked: undefined,
      fingerprint: expect.any(String),
    });
    expect(desired.problems).toEqual([expect.stringContaining(words)]);
  });

  it('are recognised by their texts and BIRD’s version', () => {
    const { fingerprint } = desireOn({});
    expect(desireOn({}).fingerprint).toBe(fingerprint);
    expect(desireOn({}, {}, { birdVersion: '3.1.8' }).fingerprint).not.toBe(fingerprint);
    expect(desireOn({}, { sessions: [] }).fingerprint).not.toBe(fingerprint);
  });
});

it('the node has its loopback addresses and a tunnel for each session and each other node', () => {
  const mesh = parseMesh({ peers: [meshPeer(3), meshPeer(1), meshPeer(2)] });
  const desired = desireOn({}, { mesh });
  expect(desired.loopback).toEqual({
    interface: 'dummy0',
    addresses: [
      { local: '172.22.188.1', prefixLength: 32, peer: undefined },
      { local: 'fd00:4242:7777:101:1::1', prefixLength: 128, peer: undefined },
    ],
  });
  expect(desired.tunnels.map((tunnel) => tunnel.interface)).toEqual([
    'wg_24001',
    'dn42-wg-igp-2',
    'dn42-wg-igp-3',
  ]);
});

it('a node with this node’s own public key gets no tunnel, and the reason is named; the others get theirs', () => {
  const mesh = parseMesh({ peers: [meshPeer(2, { publicKey: ownKey }), meshPeer(3)] });
  const desired = desireOn({}, { mesh });
  expect(desired.mesh.map(({ nodeId, reason }) => [nodeId, reason])).toEqual([
    [2, expect.stringContaining("the public key is this node's own, not the peer's")],
    [3, undefined],
  ]);
  expect(desired.tunnels.map((tunnel) => tunnel.interface)).toEqual(['wg_24001', 'dn42-wg-igp-3']);
});

it('the tunnels between our nodes carry our own blocks', () => {
  const policy = { ...birdConfig.policy, ipv4Prefix: parsePrefix('192.0.2.0/24') };
  const mesh = parseMesh({ peers: [meshPeer(2)] });
  const { tunnels } = desireOn({}, { sessions: [], mesh, birdConfig: { ...birdConfig, policy } });
  expect(tunnels[0]?.peer.allowedIps).toContain('192.0.2.0/24');
});

it('a session that was up before the agent came keeps its source addresses, but no dangerous one', () => {
  const text = `protocol bgp old_v6 { local as 4242420998; neighbor fe80::2%'wg_24001' as 4242421080; ipv6 { import all; }; }`;
  const address = (local: string, peer?: string) => ({ local, prefixLength: peer ? 32 : 64, peer });
  const addresses = [address('fe80::77'), address('172.22.188.1', '172.22.188.2')];
  const mesh = parseMesh({ peers: [meshPeer(2)] });
  const links = [makeLink({ addresses })];
  const { tunnels, sessions } = desireOn({ ...runs(text, 'old_v6'), links }, { mesh });
  expect(tunnels[0]?.preservedAddresses).toEqual(['fe80::77/64']);
  expect(sessions[0]?.preservedNames).toEqual(['old_v6']);
  expect(desireOn({ links }, { mesh }).tunnels[0]?.preservedAddresses).toBeUndefined();
});

describe('an interface in the old spelling', () => {
  const present = (uuid: string) =>
    desireOn(
      { links: [makeLink({ name: 'dn42-4242421080', alias: `moenet-agent:${uuid}` })] },
      { sessions: [makeEntry({ interface: 'dn42_4242421080' })] },
    ).tunnels.map((tunnel) => tunnel.interface);

  it('keeps its name, if it is the session’s own', () => {
    expect(present('abc-123')).toEqual(['dn42-4242421080']);
    expect(present('abc-999')).toEqual(['dn42_4242421080']);
    expect(present('mesh:2')).toEqual(['dn42_4242421080']);
  });
});

it('a key pair that cannot be read is a problem', () => {
  expect(desireOn({}, {}, { key: { publicKey: undefined, keyProblem: 'it is a directory' } })).toMatchObject({
    publicKey: undefined,
    problems: ['it is a directory'],
  });
});

describe('what runs stays where it is not known what is wanted of it', () => {
  const known = { kind: 'session', uuid: 'abc-123' } as never;
  const unknown = { kind: 'session', uuid: 'abc-999' } as never;
  const nodeTwo = { kind: 'mesh', nodeId: 2 } as const;
  const held = (lists: Partial<DesireInput['snapshot']>) => {
    const { isUnknown } = desireOn({}, { mesh: parseMesh({ peers: [] }), ...lists });
    return [known, unknown, nodeTwo].filter(isUnknown);
  };
  const refused = (uuid?: string): SessionEntry =>
    ({ kind: 'refused', uuid, reason: 'asn: missing' }) as never;

  it.each<[string, Partial<DesireInput['snapshot']>, readonly unknown[]]>([
    ['nothing of lists that are understood', {}, []],
    ['all sessions without their list', { sessions: undefined }, [known, unknown]],
    ['a session that cannot be understood', { sessions: [refused('abc-123')] }, [known]],
    ['all that are not listed, with one that has no id', { sessions: [makeEntry(), refused()] }, [unknown]],
    ['all of the mesh without its list', { mesh: undefined }, [nodeTwo]],
    ['a peer that cannot be understood', { mesh: parseMesh({ peers: [{ nodeId: 2 }] }) }, [nodeTwo]],
    ['all peers, with one that has no id', { mesh: parseMesh({ peers: [{}] }) }, [nodeTwo]],
    [
      'a peer whose key is not known yet',
      { mesh: parseMesh({ peers: [meshPeer(2, { publicKey: null })] }) },
      [nodeTwo],
    ],
  ])('%s', (_, lists, wanted) => {
    expect(held(lists)).toEqual(wanted);
  });
});

describe('sessions that the list leaves out', () => {
  const uuids = ['a', 'b', 'c', 'd', 'e'];
  const links = uuids.map((uuid) => makeLink({ name: `wg_${uuid}`, alias: `moenet-agent:${uuid}` }));

  it('are withheld until the list has said it often enough, or an operator says so', () => {
    expect(desireOn({ links }, { sessions: [] }).doubted).toEqual(uuids);
    expect(desireOn({ links }, { sessions: [] }, { orders: { believeList: true } }).doubted).toEqual([]);
    expect(desireOn({ links }, { sessions: undefined }).doubted).toEqual([]);
  });

  it('are withheld, however few, as long as the list is one from the disk', () => {
    const listed = uuids.slice(2).map((uuid) => makeEntry({ uuid, interface: `wg_${uuid}` }));
    const disabled: SessionEntry = {
      kind: 'ignored',
      uuid: sessionId.parse('b'),
      status: 'disabled',
      interface: undefined,
    };
    const sessions = [...listed, disabled];
    expect(desireOn({ links }, { sessions }).doubted).toEqual([]);
    const stored = new Set(['sessions'] as const);
    const orders = { believeList: true };
    expect(desireOn({ links }, { sessions, stored }, { orders }).doubted).toEqual(['a', 'b']);
  });

  it('so are the mesh peers that it leaves out, and not those that it has', () => {
    const mesh = parseMesh({ peers: [meshPeer(2)] });
    const isUnknown = (stored: readonly ('sessions' | 'mesh')[]) =>
      [2, 3].map((nodeId) =>
        desireOn({}, { mesh, stored: new Set(stored) }).isUnknown({ kind: 'mesh', nodeId }),
      );
    expect(isUnknown([])).toEqual([false, false]);
    expect(isUnknown(['mesh'])).toEqual([false, true]);
  });
});

describe('this node depends on', () => {
  const notes = (lists: Partial<DesireInput['snapshot']>, resolved = new Map<string, string[]>()) =>
    desireOn({ resolved }, lists).notes.join('\n');

  it('the endpoints of sessions and of our nodes, by their address or by every answer to their name', () => {
    const mesh = parseMesh({ peers: [meshPeer(2, { endpoint: '172.20.50.1:51820' })] });
    const sessions = [makeEntry({ endpoint: { host: 'peer.example', port: 51820, named: true } })];
    const said = notes({ mesh, sessions }, new Map([['peer.example', ['172.20.50.2', '172.20.50.3']]]));
    for (const words of [
      '172.20.50.1/32 (endpoint of node 2)',
      '172.20.50.2/32 (endpoint of AS4242421080)',
      '172.20.50.3/32',
    ])
      expect(said).toContain(words);
    expect(notes({ sessions })).toBe('');
  });
});

describe('what was there before the agent', () => {
  const unmarked = makeLink({ name: 'dn42_4242421080', alias: undefined });
  const sessions = [makeEntry({ interface: 'dn42_4242421080' })];
  const mesh = parseMesh({ peers: [] });

  it('constrains nothing on a node without a past', () => {
    const links = [makeLink(), makeLink({ name: 'eth0', alias: undefined, kind: undefined })];
    const birdFiles = new Map([[peerFile, '# moenet-agent:abc-123\n']]);
    const { previousAgent, notes, replaced } = desireOn({ links, birdFiles }, { mesh });
    expect({ ...noConstraints, ...previousAgent }).toEqual(noConstraints);
    expect([
      previousAgent.preserved,
      previousAgent.adopted,
      previousAgent.orphans,
      previousAgent.doubtful,
      previousAgent.ended,
      replaced,
    ]).toEqual([{ sessions: {} }, new Map(), [], [], new Set(), []]);
    expect(previousAgent.adopted).toBe(noConstraints.adopted);
    expect(notes).toEqual([]);
  });

  it.each<[string, Partial<Observed>, Partial<DesireInput>]>([
    [
      'an interface that is the session’s',
      { links: [unmarked], wireguard: [makeWireGuard({ interface: unmarked.name })] },
      {},
    ],
    ['an interface that may be somebody’s', { links: [unmarked] }, {}],
    ['a configuration of BIRD’s', { operatorConfig: { pieces: [] } }, {}],
    [
      'what is remembered of it',
      {},
      { memory: { ...noDesireMemory, preserved: { sessions: {}, isLost: true } } },
    ],
  ])('is found by %s', (_, observed, part) => {
    const { previousAgent } = desireOn(observed, { sessions, mesh }, part);
    expect(previousAgent.adopted).not.toBe(noConstraints.adopted);
  });

  it('gives the session its tunnel if that is beyond doubt, else names the interface', () => {
    const wireguard = [makeWireGuard({ interface: unmarked.name })];
    const certain = desireOn({ links: [unmarked], wireguard }, { sessions, mesh });
    expect([...certain.previousAgent.adopted.keys()]).toEqual([unmarked.name]);
    expect(certain.tunnels.map((tunnel) => tunnel.interface)).toEqual([unmarked.name]);
    const doubtful = desireOn({ links: [unmarked] }, { sessions, mesh });
    expect(doubtful.tunnels).toEqual([]);
    expect(doubtful.notes).toEqual([
      'the agent leaves interface dn42_4242421080 unchanged: it is not a WireGuard interface',
    ]);
  });
});
