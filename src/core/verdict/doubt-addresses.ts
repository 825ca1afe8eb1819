import type { Session } from '../model/session.js';
import type { SessionView } from './session-view.js';

/** An older handshake carries nothing (see `sessionState`): then nobody can answer at any address. */
const freshSeconds = 180;

/**
 * What speaks for it that the addresses of a session's row are not whose they are taken for, with both addresses: over a tunnel
 * that works, the neighbor does not answer pings at the one that BGP is to speak with. Undefined where nothing does. An
 * address that is ours cannot be asked whether it is the neighbor's.
 */
export function doubtAddresses(
  { ownIpv6 }: Pick<Session, 'ownIpv6'>,
  { peer, established, pingTarget, otherTarget }: SessionView,
  pingOf: (target: string) => { readonly loss: number } | undefined,
  nowSeconds: number,
): string | undefined {
  const handshake = peer?.latestHandshakeSeconds ?? 0;
  if (established || pingTarget === undefined || nowSeconds - handshake > freshSeconds) return undefined;
  if (pingOf(pingTarget)?.loss !== 1) return undefined;
  const [neighbor] = pingTarget.split('%');
  if (otherTarget !== undefined && (pingOf(otherTarget)?.loss ?? 1) < 1)
    return `the neighbor answers pings at ${otherTarget}, but not at ${neighbor}, which BGP is to speak with: if ${neighbor} is this node's address, correct the session's addresses`;
  return ownIpv6 === undefined
    ? undefined
    : `the neighbor answers no pings at ${neighbor}, and ${ownIpv6} is this node's own address by the session's row: if it is the neighbor's, correct the session's addresses`;
}
