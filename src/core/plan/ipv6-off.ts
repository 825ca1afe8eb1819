import type { Desired } from '../desired/desired.js';
import { neighborAddresses } from '../desired/session-tunnel.js';
import { formatAddress } from '../model/artifacts.js';
import type { Change, LinkChange } from '../model/change.js';
import type { Observed, ObservedSysctls } from '../model/observed.js';
import { sameOwner } from '../model/owner.js';

/** The kernel's setting for interfaces that do not exist yet (net.ipv6.conf.default). */
const newInterfaces = 'default';

/** A change without the IPv6 addresses that would fail, and why they are missing. */
interface Parted {
  /** Undefined where nothing is left. */
  readonly change: Change | undefined;
  readonly missed: string | undefined;
}

/**
 * Removes from a change the IPv6 addresses that the kernel would refuse because IPv6 is off on their interface; the rest is
 * still applied. The node, the mesh and sessions with an IPv6 neighbor need them; other sessions do not.
 */
export function withoutOffIpv6(change: Change, desired: Desired, observed: Observed): Parted {
  if (change.kind !== 'set-link' && change.kind !== 'set-loopback') return { change, missed: undefined };
  const { interface: name, addAddresses = [] } = change.link;
  const dropped = addAddresses.filter(({ local }) => local.includes(':'));
  const entry = observed.links.some((link) => link.name === name) ? name : newInterfaces;
  if (dropped.length === 0 || !isIpv6Off(observed.sysctls, entry)) return { change, missed: undefined };
  const { addAddresses: _, ...rest } = change.link;
  const left = addAddresses.filter((address) => !dropped.includes(address));
  const link: LinkChange = left.length > 0 ? { ...rest, addAddresses: left } : rest;
  const addresses = dropped.map(formatAddress).join(', ');
  return {
    change: Object.keys(link).length > 1 ? { ...change, link } : undefined,
    missed: needsIpv6(change, desired)
      ? `IPv6 is switched off on this machine (net.ipv6.conf.${entry}.disable_ipv6), so ${name} cannot have ${addresses}. Switch it on: sysctl -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0`
      : undefined,
  };
}

/** Also where the kernel has no IPv6 at all. */
function isIpv6Off(sysctls: ObservedSysctls | undefined, entry: string): boolean {
  return sysctls !== undefined && (sysctls.forwarding.ipv6 === undefined || sysctls.ipv6Disabled.has(entry));
}

function needsIpv6({ owner }: Change, { sessions }: Desired): boolean {
  const session = sessions.find(({ tunnel }) => sameOwner(tunnel.owner, owner))?.session;
  return session === undefined || neighborAddresses(session).some((address) => address.includes(':'));
}
