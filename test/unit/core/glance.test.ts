import { describe, expect, it } from 'vitest';
import { isOutdated, lostSince } from '../../../src/core/glance.js';
import type { BirdProtocol, ObservedBird, ObservedLink } from '../../../src/core/observed.js';
import { makeLink } from '../make.js';

function protocol(name: string, state = 'up'): BirdProtocol {
  return {
    name,
    proto: 'BGP',
    state,
    since: '',
    info: '',
    disabled: state === 'down',
    bgp: undefined,
    channels: [],
  };
}

function birdOf(...protocols: readonly BirdProtocol[]): ObservedBird {
  return { running: true, version: '2.0.12', protocols };
}

const silent = { running: false, reason: 'BIRD does not answer: connection refused' } as const;

describe('what was read of BIRD', () => {
  it('is outdated where it answers or not, and where protocols come, go or change state', () => {
    const read = birdOf(protocol('a'), protocol('b', 'start'));
    const glance = (...protocols: readonly BirdProtocol[]) => ({ running: true, protocols }) as const;
    expect(isOutdated(read, glance(protocol('b', 'start'), protocol('a')))).toBe(false);
    expect(isOutdated(read, glance(protocol('a')))).toBe(true);
    expect(isOutdated(read, glance(protocol('a'), protocol('c', 'start')))).toBe(true);
    expect(isOutdated(read, glance(protocol('a'), protocol('b', 'up')))).toBe(true);
    expect(isOutdated(read, silent)).toBe(true);
    expect(isOutdated(silent, glance())).toBe(true);
    expect(isOutdated(silent, silent)).toBe(false);
  });
});

describe('what a pass saw and is gone', () => {
  const fe80 = { local: 'fe80::1', prefixLength: 64, peer: undefined };
  const inet = { local: '172.20.0.1', prefixLength: 32, peer: undefined };
  const tunnel = makeLink({ name: 'wg_24001', addresses: [fe80, inet] });
  const dummy = makeLink({ name: 'dummy0', addresses: [inet] });
  const lost = (
    links: readonly ObservedLink[],
    now: Readonly<Record<string, readonly string[]>>,
    before: ObservedBird = silent,
    bird: Parameters<typeof lostSince>[1] = silent,
  ) =>
    lostSince(
      {
        desired: {
          tunnels: [{ interface: 'wg_24001' }] as never,
          loopback: { interface: 'dummy0', addresses: [] },
        },
        observed: { links, bird: before },
      },
      bird,
      new Map(Object.entries(now)),
    );

  it('is a tunnel, or the loopback interface, of the node', () => {
    const eth0 = makeLink({ name: 'eth0', addresses: [inet] });
    expect(lost([tunnel, dummy, eth0], {})).toEqual([
      'the interface dummy0 is gone or down',
      'the interface wg_24001 is gone or down',
    ]);
  });

  it('is an address on one of them', () => {
    expect(lost([tunnel], { wg_24001: ['172.20.0.1'] })).toEqual([
      'the address fe80::1 is gone from wg_24001',
    ]);
    expect(lost([tunnel], { wg_24001: ['172.20.0.1', 'fe80::1', 'fe80::2'] })).toEqual([]);
  });

  it('is none that was on trial, and no interface that was down', () => {
    const onTrial = makeLink({ name: 'wg_24001', addresses: [{ ...fe80, expires: true }] });
    expect(lost([onTrial], {})).toEqual([]);
    expect(lost([{ ...tunnel, up: false }], {})).toEqual([]);
  });

  it('is BIRD, or one of its protocols, or that one was switched off', () => {
    const before = birdOf(protocol('a'), protocol('b', 'start'), protocol('c', 'down'));
    const now = (...protocols: readonly BirdProtocol[]) => lost([], {}, before, { running: true, protocols });
    expect(lost([], {}, before, silent)).toEqual([silent.reason]);
    expect(now(protocol('a', 'start'), protocol('b'), protocol('c', 'down'))).toEqual([]);
    expect(now(protocol('a', 'down'), protocol('c', 'down'))).toEqual([
      'the BIRD protocol a is down',
      'the BIRD protocol b is gone',
    ]);
    expect(lost([], {}, silent, { running: true, protocols: [] })).toEqual(['BIRD answers again']);
  });
});
