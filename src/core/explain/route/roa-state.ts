import type { Prefix } from '../../model/values/ip.js';
import { isInside } from '../../model/values/network.js';
import type { RoaState } from './route-explanation.js';

/** One ROA (RFC 6482). */
export interface Roa {
  readonly prefix: Prefix;
  readonly maxLength: number;
  readonly asn: number;
}

/** Those that speak of a network. */
export function coveringRoas(network: Prefix, roas: readonly Roa[]): Roa[] {
  return roas.filter(({ prefix }) => isInside(network, prefix));
}

/** What the covering ROAs say of an origin (RFC 6811, section 2). */
export function roaState(network: Prefix, origin: number, covering: readonly Roa[]): RoaState {
  if (covering.length === 0) return 'unknown';
  const length = Number(network.split('/')[1]);
  return covering.some(({ maxLength, asn }) => asn === origin && length <= maxLength) ? 'valid' : 'invalid';
}

/** `172.21.11.0/24 up to /28: AS4242420011` */
export function describeRoa({ prefix, maxLength, asn }: Roa): string {
  return `${prefix} up to /${maxLength}: AS${asn}`;
}
