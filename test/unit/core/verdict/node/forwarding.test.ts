import { describe, expect, it } from 'vitest';
import type { ObservedSysctls } from '../../../../../src/core/model/observed.js';
import { judgeNode, type NodeWishes } from '../../../../../src/core/verdict/node/node-verdict.js';
import { allUp, bird, but, channel, session, wishes } from './node-in-order.js';

describe('the kernel’s settings', () => {
  const tunnel = (name: string, local: string) =>
    ({
      interface: name,
      addresses: [{ local, prefixLength: 64, peer: undefined }],
    }) as unknown as NodeWishes['tunnels'][number];
  const wanted: NodeWishes = {
    ...wishes(),
    tunnels: [tunnel('wg_2', 'fe80::1'), tunnel('wg_1', 'fe80::1'), tunnel('wg_4', '172.20.0.1')],
    loopback: { interface: 'dummy0', addresses: [{ local: 'fd42::1', prefixLength: 128, peer: undefined }] },
  };
  const good: ObservedSysctls = {
    forwarding: { ipv4: true, ipv6: true },
    rpFilter: new Map([
      ['all', 0],
      ['default', 0],
      ['wg_1', 0],
      ['wg_2', 0],
      ['wg_4', 0],
    ]),
    ipv6Disabled: new Set(),
  };
  const faults = (sysctls: Partial<ObservedSysctls>, observed = bird(...allUp)) =>
    judgeNode(wanted, { bird: observed, sysctls: { ...good, ...sysctls } }).faults.map(
      (fault) => fault.words,
    );
  const filters = (values: Readonly<Record<string, number>>) =>
    new Map([...good.rpFilter, ...Object.entries(values)]);

  it('are well on a router', () => {
    expect(faults({})).toEqual([]);
  });

  it.each([
    [
      'ipv4',
      'IPv4 forwarding is off: the kernel drops every IPv4 packet from one neighbor to another. Run: sysctl -w net.ipv4.ip_forward=1, and put the same setting into a file in /etc/sysctl.d/',
    ],
    [
      'ipv6',
      'IPv6 forwarding is off: the kernel drops every IPv6 packet from one neighbor to another. Run: sysctl -w net.ipv6.conf.all.forwarding=1, and put the same setting into a file in /etc/sysctl.d/',
    ],
  ])('are named if they do not forward %s', (family, sentence) => {
    expect(faults({ forwarding: { ...good.forwarding, [family]: false } })).toEqual([sentence]);
  });

  it('may keep from forwarding what no session carries', () => {
    const ipv4Only = but({ [session.name]: { channels: [channel('ipv4', 3)] } });
    expect(faults({ forwarding: { ipv4: true, ipv6: false } }, ipv4Only)).toEqual([]);
  });

  const strictOn = (names: string) =>
    `rp_filter is strict on ${names}: the kernel drops IPv4 packets that would return through another interface, which is common in DN42. Run: sysctl -w net.ipv4.conf.all.rp_filter=2, and put the same setting into a file in /etc/sysctl.d/`;

  it.each([
    ['is strict for all', { all: 1 }, [strictOn('wg_1, wg_2, wg_4')]],
    ['is strict on one tunnel', { wg_2: 1 }, [strictOn('wg_2')]],
    ['is strict on a tunnel and loose for all', { all: 2, wg_2: 1 }, []],
    ['is strict for all and loose on the tunnels', { all: 1, wg_1: 2, wg_2: 2, wg_4: 2 }, []],
    ['is strict only for interfaces to come', { default: 1 }, []],
  ])('are judged by the larger value: rp_filter %s', (_, values, sentences) => {
    expect(faults({ rpFilter: filters(values) })).toEqual(sentences);
  });

  it('may be loose, except for tunnels without an IPv4 address if DN42 has its own kernel table', () => {
    const sysctls = { ...good, rpFilter: filters({ all: 2 }) };
    const rules = [{ family: 'ipv4', iif: 'wg_1', table: 42, priority: 5 }] as const;
    const judged = (more: object) =>
      judgeNode({ ...wanted, ...more }, { bird: bird(...allUp), sysctls }).faults.map(({ words }) => words);
    expect(judged({})).toEqual([]);
    expect(judged({ rules })).toEqual([
      'rp_filter is on for wg_1, wg_2, and DN42 has a kernel table of its own (bird.kernelTable): the kernel looks for the way back in the main table and drops IPv4 packets. Set net.ipv4.conf.all.rp_filter, net.ipv4.conf.default.rp_filter and those of the tunnels to 0, in a file in /etc/sysctl.d/',
    ]);
  });

  it('are named where they allow no IPv6 address that is to be there', () => {
    const filters = new Map([...good.rpFilter, ['dummy0', 0]]);
    const without = { ipv6Disabled: new Set(['default', 'dummy0', 'wg_1', 'wg_4']) };
    expect(faults({ ...without, rpFilter: filters })).toEqual([
      'IPv6 is switched off on dummy0, wg_1: no IPv6 address can be set there. Run: sysctl -w net.ipv6.conf.all.disable_ipv6=0, and put the same setting into a file in /etc/sysctl.d/',
    ]);
    expect(faults({ forwarding: { ipv4: true, ipv6: undefined } })).toEqual([
      "the kernel has no IPv6: link-local addresses and IPv6 sessions cannot work. Take ipv6.disable=1 off the kernel's command line",
    ]);
  });
});
