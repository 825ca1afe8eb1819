import { asn as ownAsn } from '../../scenario/numbers.js';

/** Whom a BGP protocol dials, as BIRD reads it in its file. */
export interface Dialled {
  readonly neighbor: string;
  readonly asn: number;
  /** Undefined where the neighbor is not on a link of its own. */
  readonly interface: string | undefined;
}

/** Reads the text between the braces of a protocol; undefined where it dials nobody. */
export function readDialled(text: string): Dialled | undefined {
  const [, neighbor, as] = /^\s*neighbor (\S+) as (\S+);/m.exec(text) ?? [];
  if (neighbor === undefined || as === undefined) return undefined;
  return {
    neighbor,
    asn: as === 'MOENET_AS' ? ownAsn : Number(as),
    interface: /^\s*interface "([^"]+)";/m.exec(text)?.[1],
  };
}
