import { parsePeerName } from './peer-name.js';

interface Nameable {
  readonly uuid: string;
  readonly asn: number;
  readonly interface: string;
}

/**
 * The sessions that an operator's word means: a uuid, an interface, an ASN (`4242421080`, `AS4242421080`) or the plain name of a
 * BIRD protocol (`dn42_4242421080`). A uuid or an interface means one session; an ASN all of its.
 */
export function sessionsNamed<T extends Nameable>(sessions: readonly T[], word: string): readonly T[] {
  const exact = sessions.filter(({ uuid, interface: name }) => uuid === word || name === word);
  if (exact.length > 0) return exact;
  const digits = /^(?:AS)?(\d{1,10})$/i.exec(word)?.[1];
  const peer = parsePeerName(digits === undefined ? word : `dn42_${digits}`);
  return peer?.kind === 'session' ? sessions.filter(({ asn }) => asn === peer.asn) : [];
}
