import type { SessionState } from '../core/lookups/session-state.js';
import { amountWords } from '../core/lookups/wireguard-words.js';

/** What went over a tunnel, in words; undefined where the tunnel or its peer is not there. */
export function transferOf({ tunnel: { traffic } }: SessionState) {
  return traffic && { rx: amountWords(traffic.rxBytes), tx: amountWords(traffic.txBytes) };
}
