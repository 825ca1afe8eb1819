/** The latency of a session's link as it is remembered between measurements. */
export interface LinkLatency {
  /** Smoothed round-trip time in milliseconds. */
  readonly rttMs: number;
  /** Index of the latency tier, 0 the fastest. */
  readonly tier: number;
}
