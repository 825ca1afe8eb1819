import type { Desired } from '../../desired/desired.js';
import type { Tunnel } from '../../model/artifacts.js';
import { listSome } from '../../model/list-some.js';
import type { ObservedSysctls } from '../../model/observed.js';
import { type Family, familyNames } from '../../model/values/family.js';
import type { NodeFault } from './node-fault.js';

/** What the kernel's settings do to the packets that this node forwards. */
export interface Forwarding {
  /** Undefined where the kernel does not have the address family. */
  readonly ipv4: boolean | undefined;
  readonly ipv6: boolean | undefined;
  /** Tunnels on which the kernel drops packets that would not return the same way (RFC 3704, strict mode). */
  readonly strictRpFilter: readonly string[];
  /** Tunnels on which the kernel looks for the way back in the main table, which does not have it: DN42 has a table of its own. */
  readonly lostRpFilter?: readonly string[];
  /** Interfaces that need IPv6 addresses, but have IPv6 switched off. */
  readonly ipv6Disabled: readonly string[];
}

export function forwardingOf(
  { tunnels, loopback, rules = [] }: Pick<Desired, 'tunnels' | 'loopback'> & Partial<Pick<Desired, 'rules'>>,
  { forwarding, rpFilter, ipv6Disabled }: ObservedSysctls,
): Forwarding {
  const all = rpFilter.get('all') ?? 0;
  const filterOf = (name: string) => Math.max(all, rpFilter.get(name) ?? 0);
  const isStrict = (name: string) => filterOf(name) === 1;
  // In loose mode an interface with an IPv4 address needs no more than any way back.
  const losesWayBack = ({ interface: name, addresses }: Tunnel) =>
    filterOf(name) > 0 && !addresses.some(({ local }) => local.includes('.'));
  // Where the kernel has no dummy device, the loopback addresses are on `lo`.
  const there = rpFilter.has(loopback.interface) ? loopback : { ...loopback, interface: 'lo' };
  const withIpv6 = [there, ...tunnels].filter(({ addresses }) =>
    addresses.some(({ local }) => local.includes(':')),
  );
  return {
    ...forwarding,
    strictRpFilter: tunnels
      .map(({ interface: name }) => name)
      .filter((name) => rpFilter.has(name) && isStrict(name))
      .sort(),
    ...(rules.length > 0 && {
      lostRpFilter: tunnels
        .filter((tunnel) => rpFilter.has(tunnel.interface) && losesWayBack(tunnel))
        .map(({ interface: name }) => name)
        .sort(),
    }),
    ipv6Disabled: withIpv6
      .map(({ interface: name }) => name)
      .filter((name) => ipv6Disabled.has(name))
      .sort(),
  };
}

const forwardingKeys = { ipv4: 'net.ipv4.ip_forward', ipv6: 'net.ipv6.conf.all.forwarding' } as const;

/** `families` are those that the node's BGP carries; the settings of others do not matter. */
export function forwardingFaults(forwarding: Forwarding, families: readonly Family[]): NodeFault[] {
  return [
    ...families.flatMap((family) => forwardingFault(family, forwarding[family]) ?? []),
    ...(families.includes('ipv4')
      ? [...rpFilterFaults(onlyStrict(forwarding)), ...lostWayFaults(forwarding.lostRpFilter)]
      : []),
    ...ipv6Faults(forwarding),
  ];
}

function forwardingFault(family: Family, isOn: boolean | undefined): NodeFault | undefined {
  if (isOn !== false) return undefined;
  const [name, key] = [familyNames[family], forwardingKeys[family]];
  return {
    subject: `${name} forwarding`,
    words: `${name} forwarding is off: the kernel drops every ${name} packet from one neighbor to another. ${toSet(`${key}=1`)}`,
  };
}

/** Loose mode would help these. */
function onlyStrict({ strictRpFilter, lostRpFilter = [] }: Forwarding): string[] {
  return strictRpFilter.filter((name) => !lostRpFilter.includes(name));
}

function rpFilterFaults(strict: readonly string[]): NodeFault[] {
  if (strict.length === 0) return [];
  return [
    {
      subject: 'rp_filter',
      words: `rp_filter is strict on ${listSome(strict, 3)}: the kernel drops IPv4 packets that would return through another interface, which is common in DN42. ${toSet('net.ipv4.conf.all.rp_filter=2')}`,
    },
  ];
}

function lostWayFaults(lost: readonly string[] = []): NodeFault[] {
  if (lost.length === 0) return [];
  return [
    {
      subject: 'rp_filter',
      words: `rp_filter is on for ${listSome(lost, 3)}, and DN42 has a kernel table of its own (bird.kernelTable): the kernel looks for the way back in the main table and drops IPv4 packets. Set net.ipv4.conf.all.rp_filter, net.ipv4.conf.default.rp_filter and those of the tunnels to 0, in a file in /etc/sysctl.d/`,
    },
  ];
}

function ipv6Faults({ ipv6, ipv6Disabled }: Forwarding): NodeFault[] {
  const subject = 'IPv6';
  if (ipv6 === undefined) {
    const words =
      "the kernel has no IPv6: link-local addresses and IPv6 sessions cannot work. Take ipv6.disable=1 off the kernel's command line";
    return [{ subject, words }];
  }
  if (ipv6Disabled.length === 0) return [];
  const words = `IPv6 is switched off on ${listSome(ipv6Disabled, 3)}: no IPv6 address can be set there. ${toSet('net.ipv6.conf.all.disable_ipv6=0')}`;
  return [{ subject, words }];
}

function toSet(setting: string): string {
  return `Run: sysctl -w ${setting}, and put the same setting into a file in /etc/sysctl.d/`;
}
