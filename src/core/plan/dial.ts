import type { ObservedWireGuardPeer } from '../model/observed.js';

/** The attempts to reach a peer at one of its addresses, remembered from look to look. */
export interface Dial {
  /** `address:port`. */
  readonly endpoint: string;
  /** Unix seconds of the last handshake when this began; 0 where there was none. */
  readonly handshakeSeconds: number;
  /** Bytes sent when this began. */
  readonly txBytes: number;
  /** For how long there was no new handshake, counted over the looks. */
  readonly triedSeconds: number;
  /** Unix seconds. */
  readonly lookedAtSeconds: number;
  /** The number of addresses given up since the last handshake. */
  readonly givenUp: number;
}

/** Longer than the time between handshakes of a working tunnel: WireGuard makes one every two to three minutes. */
const patienceSeconds = 240;
const longestPatienceSeconds = 3600;

/** At most this much of the time between two looks counts: the agent may have paused, or the clock was stepped. */
const longestLookSeconds = 90;

/** The attempts after one more look at a peer. */
export function nextDial(before: Dial | undefined, peer: ObservedWireGuardPeer, nowSeconds: number): Dial {
  const { endpoint = '', latestHandshakeSeconds: handshakeSeconds, txBytes } = peer;
  const begins = { endpoint, handshakeSeconds, txBytes, triedSeconds: 0, lookedAtSeconds: nowSeconds };
  if (before?.handshakeSeconds !== handshakeSeconds) return { ...begins, givenUp: 0 };
  if (before.endpoint !== endpoint) return { ...begins, givenUp: before.givenUp + 1 };
  const triedSeconds = before.triedSeconds + secondsSince(before, nowSeconds);
  return { ...before, triedSeconds, lookedAtSeconds: nowSeconds };
}

/**
 * True where packets to an address of the peer have led to no handshake for minutes. Each round through all of its
 * `addresses` takes twice as long as the one before, at most an hour per address.
 */
export function isGivenUp(
  dial: Dial | undefined,
  peer: ObservedWireGuardPeer,
  addresses: number,
  nowSeconds: number,
): boolean {
  const isSame = dial?.endpoint === peer.endpoint && dial?.handshakeSeconds === peer.latestHandshakeSeconds;
  if (!dial || !isSame || addresses < 2) return false;
  const isTried = peer.persistentKeepaliveSeconds > 0 || peer.txBytes !== dial.txBytes;
  const patience = Math.min(
    patienceSeconds * 2 ** Math.floor(dial.givenUp / addresses),
    longestPatienceSeconds,
  );
  return isTried && dial.triedSeconds + secondsSince(dial, nowSeconds) >= patience;
}

function secondsSince({ lookedAtSeconds }: Dial, nowSeconds: number): number {
  return Math.max(0, Math.min(nowSeconds - lookedAtSeconds, longestLookSeconds));
}
