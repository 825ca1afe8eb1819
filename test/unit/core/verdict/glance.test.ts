import { describe, expect, it } from 'vitest';
import type {
  BirdProtocol,
  ObservedBird,
  ObservedLink,
  ObservedSysctls,
} from '../../../../src/core/model/observed.js';
import { isChangedForAll, isOutdated, lostSince, withSysctls } from '../../../../src/core/verdict/glance.js';
import { makeLink } from '../../make.js';

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

function sysctlsOf(part: Partial<ObservedSysctls> = {}): ObservedSysctls {
  return {
    forwarding: { ipv4: true, ipv6: true },
    rpFilter: new Map([['all', 0]]),
    ipv6Disabled: new Set(),
    ipv6Mtu: new Map([['wg_24001', 1420]]),
    ...part,
  };
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

  it.each([
    ['RPKI', 'up', 'Established', 'up', 'Sync-Running', true],
    ['RPKI', 'start', 'Connecting', 'start', 'Transport-Error', true],
    [
      'BGP',
      'start',
      'Active        Socket: Connection refused',
      'start',
      'Connect       Socket: Connection refused',
      false,
    ],
    [
      'BGP',
      'start',
      'Active        Socket: Connection refused',
      'start',
      'Active        Socket: No route to host',
      true,
    ],
    ['BGP', 'start', 'Active', 'start', 'OpenSent', false],
    ['BGP', 'start', 'Active', 'start', 'Idle          BGP Error: Bad peer AS', true],
    ['BGP', 'start', 'OpenConfirm', 'up', 'Established', true],
  ])('of %s, %s "%s", then %s "%s": outdated is %s', (proto, state, info, nowState, nowInfo, outdated) => {
    const row = { ...protocol('a', state), proto, info };
    const now = { ...row, state: nowState, info: nowInfo };
    expect(isOutdated(birdOf(row), { running: true, protocols: [now] })).toBe(outdated);
  });
});

describe('what was read of the kernel’s settings', () => {
  it.each([
    ['IPv4 forwarding', { forwarding: { ipv4: false, ipv6: true } }],
    ['IPv6 forwarding', { forwarding: { ipv4: true, ipv6: undefined } }],
    ['rp_filter', { rpFilter: new Map([['all', 1]]) }],
    ['disable_ipv6', { ipv6Disabled: new Set(['lo']) }],
    ['an MTU', { ipv6Mtu: new Map([['wg_24001', 1280]]) }],
    ['an interface', { ipv6Mtu: new Map() }],
  ] as const)('is another where %s is', (_, part) => {
    const [read, now] = [sysctlsOf(), sysctlsOf(part)];
    expect(withSysctls(read, now, ['lo', 'wg_24001'])).toEqual(now);
    expect(withSysctls(now, sysctlsOf(part), ['lo', 'wg_24001'])).toBe(now);
  });

  it('stays of the interfaces that were not looked at', () => {
    const read = sysctlsOf({
      ipv6Mtu: new Map([
        ['wg_1', 1420],
        ['wg_2', 1420],
      ]),
      ipv6Disabled: new Set(['wg_1']),
    });
    const now = sysctlsOf({ ipv6Mtu: new Map([['wg_2', 1280]]), ipv6Disabled: new Set(['wg_2']) });
    expect(withSysctls(read, now, ['wg_2'])).toEqual({
      ...read,
      ipv6Mtu: new Map([
        ['wg_1', 1420],
        ['wg_2', 1280],
      ]),
      ipv6Disabled: new Set(['wg_1', 'wg_2']),
    });
  });

  it('is changed for all where the kernel has other settings for all, or for new interfaces', () => {
    const [read, off] = [sysctlsOf(), sysctlsOf({ ipv6Disabled: new Set(['default']) })];
    expect(isChangedForAll(read, off)).toBe(true);
    expect(isChangedForAll(read, sysctlsOf({ ipv6Mtu: new Map([['wg_24001', 1280]]) }))).toBe(false);
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
    bird: Parameters<typeof lostSince>[1]['bird'] = silent,
    [was, is]: readonly [ObservedSysctls, ObservedSysctls] = [sysctlsOf(), sysctlsOf()],
  ) =>
    lostSince(
      {
        desired: {
          tunnels: [{ interface: 'wg_24001' }] as never,
          loopback: { interface: 'dummy0', addresses: [] },
        },
        observed: { links, bird: before, sysctls: was },
      },
      { bird, links: new Map(Object.entries(now)), sysctls: is },
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

  it('is the MTU of one of them, and that it may not have IPv6', () => {
    const changed = (was: Partial<ObservedSysctls>, is: Partial<ObservedSysctls>) =>
      lost([], {}, silent, silent, [sysctlsOf(was), sysctlsOf(is)]);
    const mtu = (name: string, value: number) => ({ ipv6Mtu: new Map([[name, value]]) });
    expect(changed({}, mtu('wg_24001', 1280))).toEqual(['the MTU of wg_24001 has changed from 1420 to 1280']);
    expect(changed(mtu('eth0', 1500), mtu('eth0', 1400))).toEqual([]);
    // An interface that is gone, or one that is new, is told of by the interfaces themselves.
    expect(changed({}, { ipv6Mtu: new Map() })).toEqual([]);
    expect(changed({ ipv6Mtu: new Map() }, {})).toEqual([]);
    const off = { ipv6Disabled: new Set(['wg_24001', 'eth0']) };
    expect(changed(off, {})).toEqual(['IPv6 is switched on again on wg_24001']);
    expect(changed({}, off)).toEqual([]);
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
