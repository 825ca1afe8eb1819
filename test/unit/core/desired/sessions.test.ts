import { describe, expect, it } from 'vitest';
import { identifyNode } from '../../../../src/core/desired/node.js';
import { findOwned } from '../../../../src/core/desired/owned.js';
import { desireSessions } from '../../../../src/core/desired/sessions.js';
import type { Observed } from '../../../../src/core/model/observed.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { bootstrap, makeEntry, makeLink, makeObserved, nodeSettings, v4, v6 } from '../../make.js';

const node = identifyNode('jp1', bootstrap, undefined);

function desired(
  entries: readonly SessionEntry[],
  observed: Partial<Observed> = {},
  reservedPorts = new Map<number, string>(),
) {
  const owned = findOwned(makeObserved(observed), []);
  return desireSessions(entries, { node, settings: nodeSettings, owned }, { reservedPorts });
}

function refusedEntry(uuid: string | undefined): SessionEntry {
  return {
    kind: 'refused',
    uuid: uuid === undefined ? undefined : sessionId.parse(uuid),
    status: 'active',
    asn: undefined,
    interface: 'wg_24001',
    reason: 'credential: not a WireGuard key',
  };
}

describe('addresses of a tunnel', () => {
  it('are the node’s link-local alone if the neighbor has only a link-local', () => {
    expect(desired([makeEntry()]).sessions[0]?.tunnel.addresses).toEqual([
      { local: 'fe80::998:101:1:1', prefixLength: 64, peer: undefined },
    ]);
  });

  it('are also the loopbacks, point to point, if the neighbor has addresses of its own', () => {
    const entry = makeEntry({ ipv4: v4('172.23.91.128'), ipv6: v6('fd42:4242:2189:ac::1') });
    expect(desired([entry]).sessions[0]?.tunnel.addresses.slice(1)).toEqual([
      { local: '172.22.188.1', prefixLength: 32, peer: '172.23.91.128' },
      { local: 'fd00:4242:7777:101:1::1', prefixLength: 128, peer: 'fd42:4242:2189:ac::1' },
    ]);
  });
});

describe('names of BIRD protocols', () => {
  it('follow the ASN, and two sessions of one ASN do not collide', () => {
    const entries = [makeEntry(), makeEntry({ uuid: 'abc-124', interface: 'wg-2.b', listenPort: 24002 })];
    expect(desired(entries).sessions.map((session) => session.protocol)).toEqual([
      'dn42_4242421080',
      'dn42_4242421080_wg_2_b',
    ]);
  });

  const newcomer = makeEntry({ uuid: 'abc-124', interface: 'wg_2', listenPort: 24002 });
  const birdFiles = new Map([['peers/dn42_4242421080.conf', '# moenet-agent:abc-123\n']]);
  const ending = (status: 'queued-for-delete' | 'disabled'): SessionEntry => ({
    kind: 'ignored',
    uuid: sessionId.parse('abc-123'),
    status,
    interface: 'wg_24001',
  });
  const nameOfNewcomer = (entries: readonly SessionEntry[], doubted: readonly string[] = []) =>
    desireSessions(
      entries,
      { node, settings: nodeSettings, owned: findOwned(makeObserved({ birdFiles }), []) },
      { doubted: doubted.map((uuid) => sessionId.parse(uuid)) },
    ).sessions.find(({ session }) => session.uuid === 'abc-124')?.protocol;

  it.each(['queued-for-delete', 'disabled'] as const)(
    'go in one list from a session that is %s to a new one of the same ASN',
    (status) => {
      expect(nameOfNewcomer([newcomer, ending(status)])).toBe('dn42_4242421080');
      expect(nameOfNewcomer([ending(status), newcomer])).toBe('dn42_4242421080');
    },
  );

  it('stay with a session that the list leaves out, as long as that is not believed', () => {
    expect(nameOfNewcomer([newcomer])).toBe('dn42_4242421080');
    expect(nameOfNewcomer([newcomer], ['abc-123'])).toBe('dn42_4242421080_wg_2');
  });

  it.each([
    ['cannot be understood', refusedEntry('abc-123')],
    ['may be the one that has no uuid', refusedEntry(undefined)],
  ] as const)('stay with a session that %s', (_, entry) => {
    expect(nameOfNewcomer([entry, newcomer])).toBe('dn42_4242421080_wg_2');
  });

  it('stay with a protocol that is not in a file of the agent', () => {
    const owned = findOwned(makeObserved(), []);
    const protocols = new Map([['abc-123', 'dn42_4242421080']]);
    const { sessions } = desireSessions([ending('queued-for-delete'), newcomer], {
      node,
      settings: nodeSettings,
      owned: { ...owned, protocols },
    });
    expect(sessions[0]?.protocol).toBe('dn42_4242421080_wg_2');
  });

  it('stay with their session when a newcomer of the same ASN comes first in the list', () => {
    const birdFiles = new Map([['peers/dn42_4242421080.conf', '# moenet-agent:abc-124\n']]);
    const entries = [makeEntry(), makeEntry({ uuid: 'abc-124', interface: 'wg_2', listenPort: 24002 })];
    const names = desired(entries, { birdFiles }).sessions.map(({ session, protocol }) => [
      session.uuid,
      protocol,
    ]);
    expect(names).toEqual([
      ['abc-123', 'dn42_4242421080_wg_24001'],
      ['abc-124', 'dn42_4242421080'],
    ]);
  });
});

describe('a session is refused', () => {
  it('when its interface exists and does not carry the mark', () => {
    const { sessions, refusals } = desired([makeEntry()], { links: [makeLink({ alias: undefined })] });
    expect(sessions).toEqual([]);
    expect(refusals[0]?.reason).toContain('wg_24001 exists and was not made by the agent');
  });

  it.each([
    ['an unrelated alias', 'uplink to example'],
    ['the mark of the node itself', 'moenet-agent:node:'],
  ])('when its interface has %s', (_, alias) => {
    expect(desired([makeEntry()], { links: [makeLink({ alias })] }).refusals).toHaveLength(1);
  });

  it('when another session has its interface; the one that runs keeps it', () => {
    const entries = [makeEntry(), makeEntry({ uuid: 'abc-124', listenPort: 24002 })];
    const { sessions, refusals } = desired(entries, { links: [makeLink({ alias: 'moenet-agent:abc-124' })] });
    expect(sessions.map(({ session }) => session.uuid)).toEqual(['abc-124']);
    expect(refusals).toEqual([
      { uuid: 'abc-123', reason: 'interface: wg_24001 is already used by session abc-124' },
    ]);
  });

  it('when a refused session runs on its interface', () => {
    const entries = [refusedEntry('abc-124'), makeEntry()];
    const { refusals } = desired(entries, { links: [makeLink({ alias: 'moenet-agent:abc-124' })] });
    expect(refusals.map(({ uuid }) => uuid)).toEqual(['abc-124', 'abc-123']);
  });

  it('when its port is taken by another session or by the mesh', () => {
    const twice = desired([makeEntry(), makeEntry({ uuid: 'abc-124', interface: 'wg_2' })]);
    expect(twice.refusals[0]?.reason).toBe('port: 24001 is already used by session abc-123 (AS4242421080)');
    const mesh = desired([makeEntry()], {}, new Map([[24001, 'the mesh peer 7']]));
    expect(mesh.refusals[0]?.reason).toBe('port: 24001 is already used by the mesh peer 7');
  });

  it('when the address it gives as the neighbor is our own', () => {
    const { refusals } = desired([makeEntry({ ipv6LinkLocal: v6('fe80::998:101:1:1') })]);
    expect(refusals[0]?.reason).toBe("fe80::998:101:1:1 is this node's own address, not the neighbor's");
  });

  it('alone: the others go on', () => {
    const entries = [
      makeEntry({ ipv6LinkLocal: node.linkLocal }),
      makeEntry({ uuid: 'b', interface: 'wg_2', listenPort: 2 }),
    ];
    expect(desired(entries).sessions.map(({ session }) => session.uuid)).toEqual(['b']);
  });
});

it('an interface that the agent began to create but did not mark is its own', () => {
  const owned = findOwned(makeObserved({ links: [makeLink({ alias: undefined })] }), ['wg_24001']);
  expect(desireSessions([makeEntry()], { node, settings: nodeSettings, owned }).sessions).toHaveLength(1);
});

describe('a node without an address to speak from', () => {
  const without = (part: Partial<typeof node>) => (session: Parameters<typeof makeEntry>[0]) => {
    const owned = findOwned(makeObserved(), []);
    return desireSessions([makeEntry(session)], {
      node: { ...node, ...part },
      settings: nodeSettings,
      owned,
    }).refusals;
  };
  const ipv4 = v4('172.23.91.128');
  const ipv6 = v6('fd42:4242:2189:ac::1');

  it.each<[string, ReturnType<typeof without>, Parameters<typeof makeEntry>[0], string]>([
    [
      'IPv4',
      without({ loopbackIpv4: undefined }),
      { ipv4, mpBgp: false },
      'this node has no IPv4 loopback address to speak with 172.23.91.128 from',
    ],
    [
      'IPv6',
      without({ loopbackIpv6: undefined }),
      { ipv6, ipv6LinkLocal: undefined },
      'this node has no IPv6 loopback address to speak with fd42:4242:2189:ac::1 from',
    ],
    [
      'link-local',
      without({ linkLocal: undefined }),
      {},
      'this node has no link-local address: neither the control plane nor an IPv6 loopback gives one',
    ],
  ])('refuses a session whose tunnel could not carry it: %s', (_, refusals, session, reason) => {
    expect(refusals(session)).toEqual([{ uuid: 'abc-123', reason }]);
  });

  it('takes one that has another address for BGP, or both ends of a link', () => {
    expect(without({ loopbackIpv4: undefined })({ ipv4 })).toEqual([]);
    const local = { ipv4, localIpv4: v4('172.23.91.129'), ipv6LinkLocal: undefined };
    expect(without({ loopbackIpv4: undefined })(local)).toEqual([]);
  });
});
