import type { AnswerError } from './http-error.js';

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
