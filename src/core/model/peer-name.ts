import { z } from 'zod';
import { sessionProtocolName } from './names.js';
import { type Asn, asn } from './values/asn.js';

/** The word by which an operator's request names a session or a mesh peer; what it means, `sessionsNamed` and `subjectsNamed` say. */
export const subjectWord = z.string().min(1).max(100);

/** A peer as operators' tools name it: by its BIRD protocol. */
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
 * The session that an ASN means: the one whose protocol has the plain name `dn42_<asn>`, else the first.
 */
export function sessionOf<T extends { readonly session: { readonly asn: Asn }; readonly protocol: string }>(
  sessions: readonly T[],
  wanted: number,
): T | undefined {
  const candidates = sessions.filter(({ session }) => session.asn === wanted);
  return candidates.find(({ protocol }) => protocol === sessionProtocolName(wanted)) ?? candidates[0];
}

interface Nameable {
  readonly uuid: string;
  readonly asn: number;
  readonly interface: string;
}

/**
 * The sessions that an operator's argument means: a uuid, an interface, an ASN (`4242421080`, `AS4242421080`) or the plain name of a
 * BIRD protocol (`dn42_4242421080`). A uuid or an interface means one session; an ASN all of its sessions.
 */
export function sessionsNamed<T extends Nameable>(sessions: readonly T[], word: string): readonly T[] {
  const exact = sessions.filter(({ uuid, interface: name }) => uuid === word || name === word);
  if (exact.length > 0) return exact;
  const digits = /^(?:AS)?(\d{1,10})$/i.exec(word)?.[1];
  const peer = parsePeerName(digits === undefined ? word : sessionProtocolName(digits));
  return peer?.kind === 'session' ? sessions.filter(({ asn }) => asn === peer.asn) : [];
}
