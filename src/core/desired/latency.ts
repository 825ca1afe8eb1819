/** The latency of a session's link, remembered between measurements. */
export interface LinkLatency {
  /** Smoothed round-trip time in milliseconds. */
  readonly rttMs: number;
  /** Index of the latency tier, 0 the fastest. */
  readonly tier: number;
  /** Unix seconds since when it is in this tier. */
  readonly sinceSeconds: number;
  /** Another tier that the smoothed time is in, and how many measurements in a row have shown it. */
  readonly next?: { readonly tier: number; readonly measurements: number } | undefined;
}

/** Upper bounds of DN42's latency tiers in milliseconds, powers of e; above the last lies one more tier. */
export const tierBoundsMs = [2.7, 7.3, 20, 55, 148, 403, 1097, 2981] as const;

/** How far beyond a bound the smoothed time must be for the tier to change, as a factor. */
export const margin = 1.25;

// The weight of a new sample: three quarters of a lasting change show after six.
const alpha = 0.2;
// A neighbor on the same machine answers faster than fping can tell.
const leastMs = 0.01;

// A new tier is a reload of BIRD and new communities on all routes of the session, for us and for everybody behind us.
const tierHoldsSeconds = 600;
const confirmations = 3;

/**
 * What is known of a link after one more measurement of `rttMs` milliseconds at `nowSeconds`. The first measurement sets the
 * tier. The logarithm is smoothed, because tiers differ by a factor: with a mean of the times, one late answer would move the
 * link through several tiers and back. The tier changes when the smoothed time is beyond its bound by `margin`, three
 * measurements in a row show the same new tier, and the link has had its tier for ten minutes. It is below `tierCount`, the
 * number of tiers in the network's policy.
 */
export function updateLatency(
  previous: LinkLatency | undefined,
  rttMs: number,
  nowSeconds: number,
  tierCount: number = tierBoundsMs.length + 1,
): LinkLatency {
  const sampleMs = Math.max(rttMs, leastMs);
  const start = (tier: number) => ({ tier: capped(tier, tierCount), sinceSeconds: nowSeconds });
  if (!previous) return { rttMs: sampleMs, ...start(tierOf(sampleMs)) };
  const smoothedMs = Math.exp((1 - alpha) * Math.log(previous.rttMs) + alpha * Math.log(sampleMs));
  const shown = capped(nextTier(previous.tier, smoothedMs), tierCount);
  const { sinceSeconds } = previous;
  const tier = capped(previous.tier, tierCount);
  if (shown === tier) return { rttMs: smoothedMs, tier, sinceSeconds };
  const measurements = previous.next?.tier === shown ? previous.next.measurements + 1 : 1;
  if (measurements >= confirmations && mayChange(sinceSeconds, nowSeconds))
    return { rttMs: smoothedMs, ...start(shown) };
  return { rttMs: smoothedMs, tier, sinceSeconds, next: { tier: shown, measurements } };
}

/** A clock that was set back does not keep a tier for longer. */
function mayChange(sinceSeconds: number, nowSeconds: number): boolean {
  const seconds = nowSeconds - sinceSeconds;
  return seconds < 0 || seconds >= tierHoldsSeconds;
}

function nextTier(tier: number, smoothedMs: number): number {
  const above = smoothedMs > (tierBoundsMs[tier] ?? Number.POSITIVE_INFINITY) * margin;
  const below = smoothedMs < (tierBoundsMs[tier - 1] ?? 0) / margin;
  return above || below ? tierOf(smoothedMs) : tier;
}

/** The tier of one time in milliseconds. */
export function tierOf(rttMs: number): number {
  const tier = tierBoundsMs.findIndex((boundMs) => rttMs <= boundMs);
  return tier === -1 ? tierBoundsMs.length : tier;
}

function capped(tier: number, tierCount: number): number {
  return Math.max(0, Math.min(tier, tierCount - 1));
}
