import { describe, expect, it } from 'vitest';
import type { DesiredSession } from '../../../../src/core/desired/sessions.js';
import { missingAddresses, sessionState } from '../../../../src/core/lookups/session-state.js';
import type { Observed } from '../../../../src/core/model/observed.js';
import { makeEntry, makeLink, makeObserved, makeWireGuard, peerKey } from '../../make.js';

const entry = makeEntry();
const session = entry.kind === 'session' ? entry.session : expect.fail('no session');
const linkLocal = { local: 'fe80::998:101:1:1', prefixLength: 64, peer: undefined };
const loopback = { local: '172.22.188.1', prefixLength: 32, peer: '172.23.91.1' };
const desired = {
  session,
  protocol: 'dn42_4242421080',
  tunnel: { interface: session.interface, addresses: [linkLocal, loopback], peer: { publicKey: peerKey } },
} as unknown as DesiredSession;

const live = (part: Partial<Observed> = {}) =>
  makeObserved({
    links: [makeLink({ addresses: [linkLocal, loopback] })],
    wireguard: [makeWireGuard({}, { latestHandshakeSeconds: 1_800_000_000 - 30, rxBytes: 1, txBytes: 2 })],
    ...part,
  });

describe('one session as it is right now', () => {
  it('shows its tunnel with last handshake and traffic, and BIRD’s state of its BGP', () => {
    expect(sessionState(desired, live())).toMatchObject({
      tunnel: {
        exists: true,
        up: true,
        handshakeSecondsAgo: 30,
        isFresh: true,
        hasLinkLocal: true,
        traffic: { rxBytes: 1, txBytes: 2 },
      },
      bgp: { state: 'not_found', since: undefined },
    });
  });

  it('shows no tunnel if there is none', () => {
    const none = sessionState(desired, live({ links: [], wireguard: [] }));
    expect(none.tunnel).toEqual({
      exists: false,
      up: false,
      handshakeSecondsAgo: undefined,
      isFresh: false,
      hasLinkLocal: false,
      traffic: undefined,
    });
  });

  it.each([
    [-5, 0, true],
    [180, 180, true],
    [181, 181, false],
  ])('with a handshake %i s ago it was %i s ago, and is fresh: %s', (ago, shown, isFresh) => {
    const wireguard = [makeWireGuard({}, { latestHandshakeSeconds: 1_800_000_000 - ago })];
    expect(sessionState(desired, live({ wireguard })).tunnel).toMatchObject({
      handshakeSecondsAgo: shown,
      isFresh,
    });
  });

  it('is unknown to a BIRD that does not answer', () => {
    const bird = { running: false, reason: '' } as const;
    expect(sessionState(desired, live({ bird })).bgp.state).toBe('unknown');
  });
});

it('lacks the addresses that its tunnel does not have, all of them where there is no tunnel', () => {
  expect(missingAddresses(desired, live({ links: [makeLink({ addresses: [loopback] })] }))).toEqual([
    'fe80::998:101:1:1',
  ]);
  expect(missingAddresses(desired, live({ links: [] }))).toEqual(['fe80::998:101:1:1', '172.22.188.1']);
});

it.each([
  ['link-local address', loopback, false],
  ['routed address', linkLocal, true],
])('a tunnel that lacks its %s', (_, present, expected) => {
  const links = [makeLink({ addresses: [present] })];
  expect(sessionState(desired, live({ links })).tunnel.hasLinkLocal).toBe(expected);
});
