import { OwnerMap, type ReadonlyOwnerMap } from '../model/owner.js';

/** The pause of an owner whose changes failed. */
export interface Backoff {
  /** Passes in a row that failed. */
  readonly failures: number;
  /** Unix seconds; the agent tries nothing for the owner before. */
  readonly retryAtSeconds: number;
  /** What was wanted when it failed: the agent tries anything else at once. */
  readonly wish: string;
  /** Why it failed last. */
  readonly reason: string;
}

/** Owner → its pause. */
export type Backoffs = ReadonlyOwnerMap<Backoff>;

const firstDelaySeconds = 60;
const lastDelaySeconds = 3600;

/** From this many failures in a row on, the agent tries only once an hour. */
const openAfter = 7;

/** The pause after one more failure: 60 s, 120 s, 240 s, ... at most an hour. */
export function afterFailure(
  before: Backoff | undefined,
  wish: string,
  reason: string,
  nowSeconds: number,
): Backoff {
  const failures = before?.wish === wish ? before.failures + 1 : 1;
  const delay = Math.min(firstDelaySeconds * 2 ** (failures - 1), lastDelaySeconds);
  return { failures, retryAtSeconds: nowSeconds + delay, wish, reason };
}

/** True while the agent waits before it tries the same again. A clock that was set back does not make the wait longer. */
export function isWaiting(backoff: Backoff | undefined, wish: string, nowSeconds: number): boolean {
  if (backoff === undefined || backoff.wish !== wish) return false;
  const left = backoff.retryAtSeconds - nowSeconds;
  return left > 0 && left <= lastDelaySeconds;
}

/** What a pass tried on tunnels, and what failed. */
export interface Attempts {
  /** What was wanted. */
  readonly tried: ReadonlyOwnerMap<string>;
  /** Why it failed. */
  readonly failed: ReadonlyOwnerMap<string>;
}

/** The pauses after a pass: longer after another failure, none after a success, unchanged for an owner that was not tried. */
export function nextBackoffs(before: Backoffs, { tried, failed }: Attempts, nowSeconds: number): Backoffs {
  const waiting = [...before].filter(
    ([owner, backoff]) => !tried.has(owner) && nowSeconds < backoff.retryAtSeconds,
  );
  const again = [...tried].flatMap(([owner, wish]) => {
    const reason = failed.get(owner);
    return reason === undefined
      ? []
      : [[owner, afterFailure(before.get(owner), wish, reason, nowSeconds)] as const];
  });
  return new OwnerMap([...waiting, ...again]);
}

/** True where it failed so often that the agent tries only once an hour. */
export function isOpen(backoff: Backoff): boolean {
  return backoff.failures >= openAfter;
}
