import { type BirdProtocol, isEstablished } from '../model/observed.js';
import { type Family, familyNames } from '../model/values/family.js';

/** What of an Established session this node configures and the other end does not offer. */
export interface BgpLacks {
  /** Address families without a route either way. */
  readonly families: readonly Family[];
  /** True where IPv4 routes cannot have an IPv6 next hop (RFC 8950). */
  readonly extendedNextHop: boolean;
}

const nothing: BgpLacks = { families: [], extendedNextHop: false };

/** Compares what this node offers with what the other end does. Nothing is known, and nothing lacks, while BGP is down. */
export function bgpLacks(protocol: BirdProtocol): BgpLacks {
  const capabilities = protocol.bgp?.capabilities;
  if (!capabilities || !isEstablished(protocol)) return nothing;
  const { own, neighbor } = capabilities;
  const families = own.families.filter((family) => !neighbor.families.includes(family));
  const wantsNextHop = own.extendedNextHop.includes('ipv4') && !families.includes('ipv4');
  return { families, extendedNextHop: wantsNextHop && !neighbor.extendedNextHop.includes('ipv4') };
}

/** `no IPv6 route goes either way (dn42_x): the neighbor does not offer IPv6`. `who` is the other end. */
export function describeFamilyLack(family: Family, protocol: string, who: string): string {
  const name = familyNames[family];
  return `no ${name} route goes either way: ${who} does not offer ${name} in the session ${protocol}`;
}

export function describeNextHopLack(protocol: string, who: string): string {
  return `no IPv4 route goes either way: ${who} does not offer an extended next hop for IPv4 (RFC 8950) in the session ${protocol}`;
}
