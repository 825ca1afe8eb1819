/** A tunnel's counters as WireGuard shows them. */
export interface Counters {
  /** Changes with what counts: another interface or key begins anew. */
  readonly of: string;
  readonly received: number;
  readonly sent: number;
}

/** The same counters at a moment of the monotonic clock. */
export interface Reading {
  readonly counters: Counters;
  readonly atMs: number;
}

/** Two readings that are further apart say too little of when the bytes went. */
const furthestMs = 300_000;
/** 100 Gbit/s. What is faster is no traffic, but a counter that somebody set. */
const fastest = 12.5e9;

/**
 * Bytes per second between two readings; undefined where they do not tell: it is another counter, one went back (the interface was
 * made anew), or they are too far apart.
 */
export function ratesBetween(
  before: Reading | undefined,
  now: Reading,
): { readonly received: number; readonly sent: number } | undefined {
  if (before?.counters.of !== now.counters.of) return undefined;
  const ms = now.atMs - before.atMs;
  if (ms <= 0 || ms > furthestMs) return undefined;
  const received = ((now.counters.received - before.counters.received) / ms) * 1000;
  const sent = ((now.counters.sent - before.counters.sent) / ms) * 1000;
  const isPossible = (rate: number) => rate >= 0 && rate <= fastest;
  return isPossible(received) && isPossible(sent) ? { received, sent } : undefined;
}
