import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { signalOf } from './signal.js';

/** Takes the next free place in line; returns how many milliseconds there are to wait for it. */
export type Reserve = (nowMs: number) => number;

/**
 * A token bucket as a virtual schedule (GCRA, ITU-T I.371 annex A): a small burst, then evenly spaced, and never more
 * than `requestsPerMinute` in any minute. `nowMs` is of a monotonic clock.
 */
export function rateLimit(requestsPerMinute: number): Reserve {
  const burst = Math.max(1, Math.floor(requestsPerMinute / 10));
  // The burst and what comes in the same minute after it are together the limit.
  const spacingMs = Math.ceil(60_000 / (Math.max(1, requestsPerMinute) - burst + 1));
  let nextMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    const placeMs = Math.max(nextMs, nowMs);
    nextMs = placeMs + spacingMs;
    return Math.max(0, placeMs - (burst - 1) * spacingMs - nowMs);
  };
}

/** Lets every request that passes wait for its place. One that is aborted while it waits is not sent. */
export function rateLimitInterceptor(reserve: Reserve): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const waitMs = reserve(performance.now());
    if (waitMs === 0) return dispatch(options, handler);
    sleep(waitMs, undefined, { signal: signalOf(options) }).then(
      () => dispatch(options, handler),
      () => undefined, // The caller has its answer already: see `send` in transport.ts.
    );
    return true;
  };
}
