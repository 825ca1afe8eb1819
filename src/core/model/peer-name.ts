import { type Asn, asn } from './values/asn.js';

/** A peer as the operator's tools call it: by the name of its BIRD protocol. */
export type PeerName =
  | { readonly kind: 'session'; readonly asn: Asn }
  | { readonly kind: 'ibgp'; readonly nodeId: number };

/** `dn42_<asn>` or `ibgp_<nodeId>`; undefined for any other text. */
export function parsePeerName(text: string): PeerName | undefined {
  const [, kind, digits] = /^(dn42|ibgp)_(\d{1,10})$/.exec(text) ?? [];
  if (kind === 'ibgp') return { kind, nodeId: Number(digits) };
  const parsed = asn.safeParse(digits);
  return kind === 'dn42' && parsed.success ? { kind: 'session', asn: parsed.data } : undefined;
}

/**
 * The session that an ASN means where it has more than one on this node: the one whose protocol has the plain name
 * `dn42_<asn>`, else the first.
 */
export function sessionOf<T extends { readonly session: { readonly asn: Asn }; readonly protocol: string }>(
  sessions: readonly T[],
  wanted: number,
): T | undefined {
  const candidates = sessions.filter(({ session }) => session.asn === wanted);
  return candidates.find(({ protocol }) => protocol === `dn42_${wanted}`) ?? candidates[0];
}
