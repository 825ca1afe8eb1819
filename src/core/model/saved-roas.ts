import type { Family } from './values/family.js';
import { parsePrefix } from './values/ip.js';

/** Which AS may originate which prefixes, by family, each as BIRD's statement without `route` and the `;`: `172.20.0.0/24 max 28 as 4242420000`. */
export type Roas = Readonly<Record<Family, readonly string[]>>;

/** ROAs that the agent took from BIRD's tables while an RPKI cache answered. */
export interface SavedRoas extends Roas {
  /** Unix seconds. */
  readonly atSeconds: number;
}

/** The ROAs that the agent keeps in BIRD's directory, and whether BIRD is to use them now. */
export interface RoaFallback {
  readonly saved: SavedRoas;
  /** True while no cache has answered since BIRD started, or its ROAs have expired. */
  readonly isUsed: boolean;
}

/** More are not saved: DN42 has about 2,000 in each family. */
export const mostRoas = 50_000;

/**
 * One ROA as BIRD's statement; undefined where it is none: another family, a length outside of the prefix's and the family's, no
 * ASN. All parts come from the network.
 */
export function formatRoa(
  family: Family,
  network: string,
  maxLength: string,
  asn: string,
): string | undefined {
  const prefix = parsePrefix(network);
  if (prefix === undefined || prefix.includes(':') !== (family === 'ipv6')) return undefined;
  const [most, as] = [numberOf(maxLength), numberOf(asn)];
  const least = Number(prefix.split('/')[1]);
  if (!(most >= least && most <= (family === 'ipv6' ? 128 : 32)) || !(as <= 0xffff_ffff)) return undefined;
  return `${prefix} max ${most} as ${as}`;
}

/** Sorted and each once: what the same caches say gives the same bytes. */
export function sortRoas(roas: readonly string[]): string[] {
  return [...new Set(roas)].sort();
}

export function countRoas({ ipv4, ipv6 }: Roas): number {
  return ipv4.length + ipv6.length;
}

function numberOf(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
}
