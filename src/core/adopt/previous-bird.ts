import type { SourcePiece } from '../bird-syntax/tokens.js';
import { fileOwner } from '../desired/owned.js';
import { neighborAddresses } from '../desired/session-tunnel.js';
import type { IbgpPeer } from '../model/control-plane.js';
import { baseProtocolName } from '../model/names.js';
import type { OperatorConfig } from '../model/observed.js';
import type { EndedPeer, Session, SessionEntry } from '../model/session.js';
import type { Asn } from '../model/values/asn.js';
import { wordsOf } from '../model/words-of.js';
import type { PreviousBgp } from './previous-bgp.js';
import { type PreviousConfig, readPreviousConfig } from './previous-config.js';

/** The configuration that BIRD runs with before the agent's is in place, or why the agent cannot read it. */
export type PreviousBird = { readonly config: PreviousConfig } | { readonly problem: string };

/** Undefined where BIRD runs with the agent's own configuration. */
export function readPreviousBird(found: OperatorConfig | undefined): PreviousBird | undefined {
  if (!found || 'problem' in found) return found;
  try {
    const config = readPreviousConfig(found.pieces);
    const own = ownPaths(found.pieces);
    return { config: { ...config, bgp: config.bgp.filter(({ path }) => !own.has(path)) } };
  } catch (error) {
    return { problem: wordsOf(error) };
  }
}

/** The agent's own files, which an operator's `bird.conf` may include as well: they need no adoption. */
function ownPaths(pieces: readonly SourcePiece[]): ReadonlySet<string> {
  return new Set(pieces.filter(({ text }) => fileOwner(text)).map(({ path }) => path));
}

/** The protocols that speak with a session's neighbor over its tunnel, or with one of its addresses. */
export function previousOfSession(
  session: Session,
  previous: PreviousBird | undefined,
): readonly PreviousBgp[] {
  const { asn, interface: name } = session;
  return previousOfNeighbor({ asn, interfaces: [name], addresses: neighborAddresses(session) }, previous);
}

/** The protocols that speak with this ASN over one of the interfaces or, where they name none, with one of the addresses. */
export function previousOfNeighbor(
  { asn, interfaces, addresses }: Pick<EndedPeer, 'asn' | 'addresses'> & { interfaces: readonly string[] },
  previous: PreviousBird | undefined,
): readonly PreviousBgp[] {
  return bgpOf(previous).filter(({ remoteAs, interface: link, neighbor }) => {
    if (remoteAs !== asn) return false;
    return link === undefined
      ? neighbor !== undefined && addresses.includes(neighbor)
      : interfaces.includes(link);
  });
}

/** The protocols that speak with one of our own nodes. */
export function previousOfPeer(
  peer: IbgpPeer,
  asn: Asn,
  previous: PreviousBird | undefined,
): readonly PreviousBgp[] {
  const addresses = [peer.loopbackIpv4, peer.loopbackIpv6];
  return bgpOf(previous).filter(
    ({ remoteAs, neighbor }) =>
      remoteAs === asn && neighbor !== undefined && addresses.includes(neighbor as never),
  );
}

/** Session uuid → the base name of its protocols. */
export function previousNames(
  entries: readonly SessionEntry[],
  previous: PreviousBird | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap((entry) => {
      if (entry.kind !== 'session') return [];
      const [first] = previousOfSession(entry.session, previous);
      const base = first && baseProtocolName(first.name);
      return base === undefined ? [] : [[entry.session.uuid, base] as const];
    }),
  );
}

export function bgpOf(previous: PreviousBird | undefined): readonly PreviousBgp[] {
  return previous && 'config' in previous ? previous.config.bgp : [];
}
