import { type IpAddress, isLinkLocal } from '../model/ip.js';
import type { Session } from '../model/session.js';

/** One BGP protocol of a session: its name in BIRD, whom it speaks with, and which routes it carries. */
export interface SessionProtocol {
  readonly name: string;
  readonly neighbor: IpAddress;
  readonly families: readonly ('ipv4' | 'ipv6')[];
  /** IPv4 routes with an IPv6 next hop (RFC 8950). */
  readonly extendedNextHop: boolean;
}

/**
 * The BIRD protocols of a session whose names begin with `base`: one with MP-BGP (RFC 4760), one per address family
 * without. Empty where the session has no address to speak with.
 */
export function sessionProtocols(session: Session, base: string): SessionProtocol[] {
  return session.mpBgp ? multiprotocol(session, base) : separate(session, base);
}

function multiprotocol(session: Session, name: string): SessionProtocol[] {
  const neighbor = session.ipv6LinkLocal ?? session.ipv6;
  if (neighbor) {
    const { extendedNextHop } = session;
    // Without an extended next hop, IPv4 routes need IPv4 addresses on the tunnel.
    const families = extendedNextHop || session.ipv4 ? (['ipv4', 'ipv6'] as const) : (['ipv6'] as const);
    return [{ name, neighbor, families, extendedNextHop }];
  }
  return session.ipv4 ? [{ name, neighbor: session.ipv4, families: ['ipv4'], extendedNextHop: false }] : [];
}

function separate(session: Session, base: string): SessionProtocol[] {
  const protocols: SessionProtocol[] = [];
  const { ipv4 } = session;
  if (ipv4) {
    protocols.push({ name: `${base}_v4`, neighbor: ipv4, families: ['ipv4'], extendedNextHop: false });
  }
  const ipv6 = separateIpv6(session);
  if (ipv6) {
    protocols.push({ name: `${base}_v6`, neighbor: ipv6, families: ['ipv6'], extendedNextHop: false });
  }
  return protocols;
}

/** The tunnel's routable address where there is one; some control planes put a link-local into the same field. */
function separateIpv6(session: Session): IpAddress | undefined {
  const { ipv6, ipv6LinkLocal } = session;
  return ipv6 && !isLinkLocal(ipv6) ? ipv6 : (ipv6LinkLocal ?? ipv6);
}
