import { familyProtocolName } from './names.js';
import type { Session } from './session.js';
import type { Family } from './values/family.js';
import { type IpAddress, type Ipv6, isLinkLocal } from './values/ip.js';

/** One BGP protocol of a session: its name in BIRD, its neighbor, and the routes that it carries. */
export interface SessionProtocol {
  readonly name: string;
  readonly neighbor: IpAddress;
  readonly families: readonly Family[];
  /** IPv4 routes with an IPv6 next hop (RFC 8950). */
  readonly extendedNextHop: boolean;
  /** The next hop of the IPv6 routes that we send; absent where BIRD finds it by itself. */
  readonly ipv6NextHop?: Ipv6;
}

const both: readonly Family[] = ['ipv4', 'ipv6'];

/**
 * The BIRD protocols of a session whose names begin with `base`: one with MP-BGP (RFC 4760), one per address family
 * without. Empty where the session has no neighbor address.
 */
export function sessionProtocols(session: Session, base: string): SessionProtocol[] {
  return session.mpBgp ? multiprotocol(session, base) : separate(session, base);
}

function multiprotocol(session: Session, name: string): SessionProtocol[] {
  const { ipv4, extendedNextHop, ipv6NextHop, keepsOneFamily } = session;
  const neighbor = session.ipv6LinkLocal ?? session.ipv6;
  if (neighbor) {
    // Without an extended next hop, IPv4 routes need IPv4 addresses on the tunnel.
    const families: readonly Family[] = extendedNextHop || ipv4 ? both : ['ipv6'];
    return [{ name, neighbor, families, extendedNextHop }];
  }
  if (!ipv4) return [];
  const overIpv4 = { name, neighbor: ipv4, extendedNextHop: false };
  return ipv6NextHop && !keepsOneFamily
    ? [{ ...overIpv4, families: both, ipv6NextHop }]
    : [{ ...overIpv4, families: ['ipv4'] }];
}

function separate(session: Session, base: string): SessionProtocol[] {
  const { ipv4, keepsOneFamily } = session;
  const ipv6 = separateIpv6(session);
  // The session asks for an extended next hop, and IPv4 routes have no other way.
  const extendedNextHop = session.extendedNextHop && !ipv4 && !keepsOneFamily;
  const families: readonly Family[] = extendedNextHop ? both : ['ipv6'];
  const name = (family: Family) => familyProtocolName(base, family);
  return [
    ...(ipv4
      ? [{ name: name('ipv4'), neighbor: ipv4, families: ['ipv4'], extendedNextHop: false } as const]
      : []),
    ...(ipv6 ? [{ name: name('ipv6'), neighbor: ipv6, families, extendedNextHop }] : []),
  ];
}

/** The tunnel's routable address where there is one; some control planes put a link-local into the same field. */
function separateIpv6(session: Session): IpAddress | undefined {
  const { ipv6, ipv6LinkLocal } = session;
  return ipv6 && !isLinkLocal(ipv6) ? ipv6 : (ipv6LinkLocal ?? ipv6);
}
