/** The latency of a session's link, remembered between measurements. */
export interface LinkLatency {
  /** Smoothed round-trip time in milliseconds. */
  readonly rttMs: number;
  /** Index of the latency tier, 0 the fastest. */
  readonly tier: number;
}

/** Upper bounds of DN42's latency tiers in milliseconds, powers of e; above the last lies one more tier. */
export const tierBoundsMs = [2.7, 7.3, 20, 55, 148, 403, 1097, 2981] as const;

/** How far beyond a bound the smoothed time must be for the tier to change, as a factor. */
export const margin = 1.25;

// The weight of a new sample: three quarters of a lasting change show after six.
const alpha = 0.2;
// A neighbor on the same machine answers faster than fping can tell.
const leastMs = 0.01;

/**
 * The latency after one more measurement of `rttMs` milliseconds; the first measurement counts as it is. The logarithm is
 * smoothed, because tiers differ by a factor: with a mean of the times, one late answer would move the link through
 * several tiers and back. The tier changes when the smoothed time is beyond its bound by `margin`; it is below
 * `tierCount`, the number of tiers in the network's policy.
 */
export function updateLatency(
  previous: LinkLatency | undefined,
  rttMs: number,
  tierCount: number = tierBoundsMs.length + 1,
): LinkLatency {
  const sampleMs = Math.max(rttMs, leastMs);
  if (!previous) return { rttMs: sampleMs, tier: capped(tierOf(sampleMs), tierCount) };
  const smoothedMs = Math.exp((1 - alpha) * Math.log(previous.rttMs) + alpha * Math.log(sampleMs));
  return { rttMs: smoothedMs, tier: capped(nextTier(previous.tier, smoothedMs), tierCount) };
}

function nextTier(tier: number, smoothedMs: number): number {
  const above = smoothedMs > (tierBoundsMs[tier] ?? Number.POSITIVE_INFINITY) * margin;
  const below = smoothedMs < (tierBoundsMs[tier - 1] ?? 0) / margin;
  return above || below ? tierOf(smoothedMs) : tier;
}

function tierOf(rttMs: number): number {
  const tier = tierBoundsMs.findIndex((boundMs) => rttMs <= boundMs);
  return tier === -1 ? tierBoundsMs.length : tier;
}

function capped(tier: number, tierCount: number): number {
  return Math.max(0, Math.min(tier, tierCount - 1));
}
