import type { Log } from './log.js';

/** A field of an answer that came otherwise than the control plane's dialect has it. */
interface Drift {
  readonly field: string;
  readonly count: number;
  readonly example: string;
}

const dayMs = 24 * 60 * 60 * 1000;
/** By then each kind of answer has come once. */
const firstMs = 60_000;
const shownFields = 20;

/** Hears what of an answer was not as promised; nothing where all of it was. */
export type DriftLog = (call: string, drifts: readonly Drift[]) => void;

/**
 * Sums up in one line what was heard: after the first minute, and then once a day, where there was anything. An example of
 * each field stands in it. `monotonic` gives milliseconds.
 */
export function driftLog(log: Pick<Log, 'warn'>, monotonic: () => number): DriftLog {
  const heard = new Map<string, { count: number; readonly example: string }>();
  let dueAtMs = monotonic() + firstMs;
  return (call, drifts) => {
    for (const { field, count, example } of drifts) {
      const key = `${call} ${field}`;
      const before = heard.get(key);
      if (before) before.count += count;
      else heard.set(key, { count, example });
    }
    if (heard.size === 0 || monotonic() < dueAtMs) return;
    dueAtMs = monotonic() + dayMs;
    log.warn(`the control plane's answers are not all as promised: ${summary([...heard])}`);
    heard.clear();
  };
}

function summary(
  heard: readonly (readonly [string, { readonly count: number; readonly example: string }])[],
): string {
  const most = heard.toSorted(([, a], [, b]) => b.count - a.count);
  const parts = most
    .slice(0, shownFields)
    .map(([key, { count, example }]) => `${key} ${count} times (${example})`);
  const rest = most.length - parts.length;
  return [...parts, ...(rest > 0 ? [`and ${rest} more fields`] : [])].join(', ');
}
