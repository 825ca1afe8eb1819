import { describe, expect, it } from 'vitest';
import type { ObservedWireGuardPeer } from '../../../../src/core/model/observed.js';
import { type Dial, isGivenUp, nextDial } from '../../../../src/core/plan/dial.js';
import { makeWireGuard } from '../../make.js';

const now = 1_800_000_000;
const peerOf = (part: Partial<ObservedWireGuardPeer> = {}): ObservedWireGuardPeer => {
  const [peer] = makeWireGuard({}, part).peers;
  return peer ?? expect.unreachable();
};

/** What is remembered after looks at a peer, a minute apart. */
const looks = (...parts: readonly Partial<ObservedWireGuardPeer>[]): Dial | undefined =>
  parts.reduce<Dial | undefined>(
    (dial, part, index) => nextDial(dial, peerOf(part), now + 60 * index),
    undefined,
  );

describe('what is remembered of a peer', () => {
  it('is for how long there was no new handshake at its address', () => {
    expect(looks({}, {}, {})).toMatchObject({ triedSeconds: 120, givenUp: 0 });
    expect(looks({}, {}, { latestHandshakeSeconds: now })).toMatchObject({ triedSeconds: 0, givenUp: 0 });
  });

  it('begins again with another address, and counts those given up until a handshake', () => {
    const [a, b] = [{ endpoint: '192.0.2.1:1' }, { endpoint: '192.0.2.2:1' }];
    expect(looks(a, a, b)).toMatchObject({ endpoint: '192.0.2.2:1', triedSeconds: 0, givenUp: 1 });
    expect(looks(a, b, a)).toMatchObject({ givenUp: 2 });
    expect(looks(a, b, { ...a, latestHandshakeSeconds: now })).toMatchObject({ givenUp: 0 });
  });

  it('counts neither time without a look nor a step of the clock', () => {
    const before = looks({});
    expect(nextDial(before, peerOf(), now + 86_400).triedSeconds).toBe(90);
    expect(nextDial(before, peerOf(), now - 86_400).triedSeconds).toBe(0);
  });
});

describe('an address is given up', () => {
  const tried = (part: Partial<Dial> = {}): Dial => ({
    endpoint: '192.0.2.80:51820',
    handshakeSeconds: 0,
    txBytes: 0,
    triedSeconds: 240,
    lookedAtSeconds: now,
    givenUp: 0,
    ...part,
  });

  it('after four minutes of packets without a handshake', () => {
    expect(isGivenUp(tried(), peerOf(), 2, now)).toBe(true);
    expect(isGivenUp(tried({ triedSeconds: 180 }), peerOf(), 2, now + 60)).toBe(true);
    expect(isGivenUp(tried({ triedSeconds: 180 }), peerOf(), 2, now + 59)).toBe(false);
  });

  it.each<[string, Dial | undefined, Partial<ObservedWireGuardPeer>, number]>([
    ['nothing is remembered', undefined, {}, 2],
    ['it is the only one', tried(), {}, 1],
    ['there was a handshake meanwhile', tried(), { latestHandshakeSeconds: now - 300 }, 2],
    ['another one was tried', tried(), { endpoint: '192.0.2.81:51820' }, 2],
    ['no packets are sent', tried(), { persistentKeepaliveSeconds: 0 }, 2],
    ['the first round is over', tried({ givenUp: 2 }), {}, 2],
  ])('not if %s', (_, dial, part, addresses) => {
    expect(isGivenUp(dial, peerOf(part), addresses, now)).toBe(false);
  });

  it('also without a keepalive if other packets are sent', () => {
    expect(isGivenUp(tried(), peerOf({ persistentKeepaliveSeconds: 0, txBytes: 148 }), 2, now)).toBe(true);
  });

  it.each([
    [1, 240],
    [2, 480],
    [4, 960],
    [6, 1920],
    [8, 3600],
    [400, 3600],
  ])('more slowly with each round: after %i of two, within %i s', (givenUp, triedSeconds) => {
    expect(isGivenUp(tried({ givenUp, triedSeconds }), peerOf(), 2, now)).toBe(true);
    expect(isGivenUp(tried({ givenUp, triedSeconds: triedSeconds - 1 }), peerOf(), 2, now)).toBe(false);
  });
});
