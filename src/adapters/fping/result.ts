import type { PingResult } from '../../shell/ports/host.js';

/**
 * Of the round-trip times of all probes, undefined where no answer came: the median of those that were answered, because the
 * first over a new tunnel waits for its handshake.
 */
export function toResult(probes: readonly (number | undefined)[]): PingResult {
  const answered = probes.filter((probe) => probe !== undefined);
  const sorted = answered.toSorted((a, b) => a - b);
  return {
    rttMs: sorted[Math.floor((sorted.length - 1) / 2)],
    loss: 1 - answered.length / probes.length,
  };
}
