import { OwnerMap, type ReadonlyOwnerMap } from '../model/owner.js';

/** What is known of an owner whose changes failed. */
export interface Backoff {
  /** Passes in a row that failed. */
  readonly failures: number;
  /** Unix seconds; before it nothing is tried again on the owner's behalf. */
  readonly retryAtSeconds: number;
  /** What was wanted when it failed: anything else is tried at once. */
  readonly wish: string;
  /** Why it failed last. */
  readonly reason: string;
}

/** How long nothing is tried on whose behalf. */
export type Backoffs = ReadonlyOwnerMap<Backoff>;

const firstDelaySeconds = 60;
const lastDelaySeconds = 3600;

/** From so many failures in a row on, the circuit is open: it is tried once an hour. */
const openAfter = 7;

/** After one more failure: 60 s, 120 s, 240 s, ... at most an hour. */
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

/** True while nothing is to be tried for what is wanted. A clock that was set back does not make the wait longer. */
export function isWaiting(backoff: Backoff | undefined, wish: string, nowSeconds: number): boolean {
  if (backoff === undefined || backoff.wish !== wish) return false;
  const left = backoff.retryAtSeconds - nowSeconds;
  return left > 0 && left <= lastDelaySeconds;
}

/** What happened in a pass to the owners whose tunnels were to be changed. */
export interface Attempts {
  /** What was wanted. */
  readonly tried: ReadonlyOwnerMap<string>;
  /** Why it failed. */
  readonly failed: ReadonlyOwnerMap<string>;
}

/** The pauses after a pass: longer for who failed again, none for who succeeded, unchanged for who was not tried. */
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

/** True where it failed so often that it is only tried once an hour. */
export function isOpen(backoff: Backoff): boolean {
  return backoff.failures >= openAfter;
}
