import type { Session } from '../model/session.js';
import type { SessionView } from './session-view.js';

/** After an older handshake the tunnel carries nothing (see `sessionState`), so no address can answer. */
const freshSeconds = 180;

/**
 * Why the two addresses of a session's row may be swapped, naming both: the tunnel works, but the neighbor answers no pings
 * at the address that BGP uses. Undefined where nothing suggests it. The agent cannot ping its own address to find out
 * whether it is the neighbor's.
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
    return `the neighbor answers pings at ${otherTarget}, but not at ${neighbor}, which BGP uses: if ${neighbor} is this node's address, correct the session's addresses`;
  return ownIpv6 === undefined
    ? undefined
    : `the neighbor answers no pings at ${neighbor}, and ${ownIpv6} is this node's own address according to the session's row: if it is the neighbor's, correct the session's addresses`;
}
