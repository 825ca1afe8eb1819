import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { AnswerError } from './http-error.js';
import { signalOf } from './signal.js';

/** Takes the next free place in line; returns how many milliseconds there are to wait for it. */
export type Reserve = (nowMs: number) => number;

/**
 * Never more than `requestsPerMinute` in any minute, and no wait until then: what a node has to tell is told at once. `nowMs` is of a
 * monotonic clock.
 */
export function rateLimit(requestsPerMinute: number): Reserve {
  const most = Math.max(1, Math.floor(requestsPerMinute));
  const placesMs: number[] = [];
  return (nowMs) => {
    const oldestMs = placesMs.length < most ? undefined : placesMs.shift();
    const freeMs = oldestMs === undefined ? nowMs : oldestMs + 60_000;
    const placeMs = Math.max(nowMs, freeMs, placesMs.at(-1) ?? nowMs);
    placesMs.push(placeMs);
    return placeMs - nowMs;
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

/** How long a control plane is left in peace at most, whatever it asks for. */
const longestMs = 3_600_000;

/** A time in which the control plane wants to hear nothing, and the answer in which it said so. */
export interface Pause {
  /** The answer that asked for the pause, while it lasts. `nowMs` is of a monotonic clock. */
  asked(nowMs: number): AnswerError | undefined;
  /** Heeds an answer that asks to wait. */
  heed(answer: AnswerError, nowMs: number): void;
  /** Whoever wants to know now does not wait. */
  end(): void;
}

/**
 * Keeps to `Retry-After` between calls (RFC 9110, section 10.2.3): until it is over nothing is sent, and every call fails
 * as the one did that was told so.
 */
export function openPause(): Pause {
  let current: { readonly untilMs: number; readonly answer: AnswerError } | undefined;
  return {
    asked: (nowMs) => (current !== undefined && nowMs < current.untilMs ? current.answer : undefined),
    heed: (answer, nowMs) => {
      const { retryAfterMs } = answer;
      if (retryAfterMs === undefined) return;
      current = { untilMs: nowMs + Math.min(retryAfterMs, longestMs), answer };
    },
    end: () => {
      current = undefined;
    },
  };
}
