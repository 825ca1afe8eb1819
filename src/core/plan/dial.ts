import type { ObservedWireGuardPeer } from '../model/observed.js';

/** How a peer was tried at one of its addresses, as it is remembered from look to look. */
export interface Dial {
  /** `address:port`. */
  readonly endpoint: string;
  /** Unix seconds of the last handshake when this began; 0 where there was none. */
  readonly handshakeSeconds: number;
  /** Bytes sent when this began. */
  readonly txBytes: number;
  /** For how long there was no other handshake, as far as anybody looked. */
  readonly triedSeconds: number;
  /** Unix seconds. */
  readonly lookedAtSeconds: number;
  /** How many addresses were given up since the last handshake. */
  readonly givenUp: number;
}

/** Longer than any tunnel that works is without a new handshake: WireGuard makes one every two to three minutes. */
const patienceSeconds = 240;
const longestPatienceSeconds = 3600;

/** Of the time between two looks so much counts at most: nobody looked for longer, or the clock was stepped. */
const longestLookSeconds = 90;

/** What is remembered after one more look at a peer. */
export function nextDial(before: Dial | undefined, peer: ObservedWireGuardPeer, nowSeconds: number): Dial {
  const { endpoint = '', latestHandshakeSeconds: handshakeSeconds, txBytes } = peer;
  const begins = { endpoint, handshakeSeconds, txBytes, triedSeconds: 0, lookedAtSeconds: nowSeconds };
  if (before?.handshakeSeconds !== handshakeSeconds) return { ...begins, givenUp: 0 };
  if (before.endpoint !== endpoint) return { ...begins, givenUp: before.givenUp + 1 };
  const triedSeconds = before.triedSeconds + secondsSince(before, nowSeconds);
  return { ...before, triedSeconds, lookedAtSeconds: nowSeconds };
}

/**
 * True where packets go to an address of the peer and none of them leads to a handshake, for minutes. Each round through all
 * of its `addresses` takes twice as long as the one before, an hour per address at most.
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
