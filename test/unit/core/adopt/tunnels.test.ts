import { describe, expect, it } from 'vitest';
import { sortUnmarked } from '../../../../src/core/adopt/tunnels.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { makeEntry, makeLink, makeObserved, makeWireGuard, otherKey, ownKey, peerKey } from '../../make.js';

const name = 'dn42_4242421080';
const session = makeEntry({ interface: name });
const mesh = { peers: [{ nodeId: 2, publicKey: otherKey }], refused: [] } as never;

/** What becomes of an interface without a mark. */
function sort(
  link: Parameters<typeof makeLink>[0],
  wireguard: Parameters<typeof makeWireGuard> | null = [],
  publicKey: string | undefined = ownKey,
) {
  const links = [makeLink({ name, alias: undefined, ...link })];
  const wireguards = wireguard
    ? [makeWireGuard({ interface: links[0]?.name ?? '', ...wireguard[0] }, wireguard[1])]
    : [];
  const observed = makeObserved({ links, wireguard: wireguards });
  const { certain, doubtful } = sortUnmarked(observed, { sessions: [session], mesh }, publicKey, []);
  return certain.size > 0 ? [...certain][0] : doubtful[0];
}

it.each([name, 'dn42-4242421080'])(
  'is a session’s without doubt by its name, our key and the peer’s: %s',
  (link) => {
    expect(sort({ name: link })).toEqual([link, { kind: 'session', uuid: 'abc-123' }]);
  },
);

it('is a mesh peer’s without doubt by the same', () => {
  expect(sort({ name: 'dn42-wg-igp-2' }, [{}, { publicKey: otherKey }])).toEqual([
    'dn42-wg-igp-2',
    { kind: 'mesh', nodeId: 2 },
  ]);
});

const doubts: [string, ReturnType<typeof sort>, string, boolean][] = [
  ['another peer', sort({}, [{}, { publicKey: otherKey }]), 'is not the one of session abc-123', true],
  ['another key of ours', sort({}, [{ publicKey: peerKey }]), "does not have this node's key", true],
  ['no key pair', sort({}, [], ''), "does not have this node's key", true],
  ['no peer', sort({}, [{ peers: [] }]), 'it has 0 peers', true],
  ['another preshared key', sort({}, [{}, { presharedKey: new Secret('x') }]), 'preshared key', true],
  [
    'WireGuard that cannot be read',
    sort({}, [{ unread: { reason: '', server: undefined } }]),
    'does not answer',
    false,
  ],
  ['no WireGuard', sort({}, null), 'not a WireGuard interface', false],
  ['nobody’s name, our key', sort({ name: 'wg_mesh_3' }), 'the control plane lists no session', true],
  [
    'nobody’s name, not our key',
    sort({ name: 'dn42_x' }, [{ publicKey: peerKey }]),
    'the control plane lists no session',
    false,
  ],
];

it.each(doubts)('is in doubt with %s', (_, found, why, adoptable) => {
  expect(found).toMatchObject({ why: expect.stringContaining(why), adoptable });
});

describe('of a session that is to end', () => {
  const peer = { asn: 4242421080, publicKey: peerKey, addresses: [] };
  const ended = (part: object = {}) =>
    ({ kind: 'ignored', uuid: 'abc-9', status: 'disabled', interface: name, peer, ...part }) as never;

  function found(entries: readonly SessionEntry[], observedPeer = {}, part = {}) {
    const links = [makeLink({ name, alias: undefined })];
    const observed = makeObserved({
      links,
      wireguard: [makeWireGuard({ interface: name, ...part }, observedPeer)],
    });
    const { certain, doubtful } = sortUnmarked(observed, { sessions: entries, mesh: undefined }, ownKey, []);
    return { certain: Object.fromEntries(certain), doubtful };
  }

  it('is its own without doubt by name and keys, whatever its preshared key', () => {
    expect(found([ended()], { presharedKey: new Secret('x') }).certain).toEqual({
      [name]: { kind: 'session', uuid: 'abc-9' },
    });
  });

  it.each([
    ['another peer', { publicKey: otherKey }, {}, true],
    ['another key of ours', {}, { publicKey: otherKey }, false],
  ])('is in doubt with %s', (_, observedPeer, part, adoptable) => {
    expect(found([ended()], observedPeer, part).doubtful).toMatchObject([{ adoptable }]);
  });

  it('belongs to the one whose peer it has where two have its name, first to the one that is to be', () => {
    const other = makeEntry({ interface: name, publicKey: otherKey as never });
    expect(found([ended(), session]).certain[name]).toMatchObject({ uuid: 'abc-123' });
    expect(found([ended(), other]).certain[name]).toMatchObject({ uuid: 'abc-9' });
  });
});

it('is none of the previous agent’s with a mark, with any other name, or where this agent began to make it', () => {
  expect(sort({ alias: 'moenet-agent:abc-123' })).toBeUndefined();
  expect(sort({ alias: 'an operator’s' })).toBeUndefined();
  expect(sort({ name: 'wg0' })).toBeUndefined();
  const observed = makeObserved({
    links: [makeLink({ name, alias: undefined })],
    wireguard: [makeWireGuard({ interface: name })],
  });
  expect(sortUnmarked(observed, { sessions: [session], mesh: undefined }, ownKey, [name]).certain.size).toBe(
    0,
  );
});

it('is not taken over in the old spelling if there is one in the new', () => {
  const links = [makeLink({ name }), makeLink({ name: 'dn42-4242421080', alias: undefined })];
  const wireguard = links.map((link) => makeWireGuard({ interface: link.name }));
  const observed = makeObserved({ links, wireguard });
  const { certain, doubtful } = sortUnmarked(observed, { sessions: [session], mesh: undefined }, ownKey, []);
  expect([certain.size, doubtful.map((each) => each.interface)]).toEqual([0, ['dn42-4242421080']]);
});
