import type { Log } from './log.js';

/** A field of an answer that differs from the control plane's dialect. */
interface Drift {
  readonly field: string;
  readonly count: number;
  readonly example: string;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Each kind of answer has come once by then. */
const firstMs = 60_000;
const loggedFields = 20;
const notedFields = 3;

export interface DriftLog {
  /** Adds the differences of one answer, if any. */
  hear(call: string, drifts: readonly Drift[]): void;
  /** The differences in the last answer of each call, for `status`; undefined where there are none. */
  note(): string | undefined;
}

/**
 * Logs the collected differences in one line after the first minute, and then once a day, with an example of each field.
 * `monotonic` gives milliseconds.
 */
export function driftLog(log: Pick<Log, 'warn'>, monotonic: () => number): DriftLog {
  const heard = new Map<string, { count: number; readonly example: string }>();
  const last = new Map<string, readonly Drift[]>();
  let dueAtMs = monotonic() + firstMs;
  return {
    hear: (call, drifts) => {
      last.set(call, drifts);
      for (const { field, count, example } of drifts) {
        const key = `${call} ${field}`;
        const before = heard.get(key);
        if (before) before.count += count;
        else heard.set(key, { count, example });
      }
      if (heard.size === 0 || monotonic() < dueAtMs) return;
      dueAtMs = monotonic() + dayMs;
      log.warn(summary([...heard], loggedFields));
      heard.clear();
    },
    note: () => {
      const now = [...last].flatMap(([call, drifts]) =>
        drifts.map((drift) => [`${call} ${drift.field}`, drift] as const),
      );
      return now.length === 0 ? undefined : summary(now, notedFields);
    },
  };
}

function summary(
  heard: readonly (readonly [string, { readonly count: number; readonly example: string }])[],
  shownFields: number,
): string {
  const most = heard.toSorted(([, a], [, b]) => b.count - a.count);
  const parts = most
    .slice(0, shownFields)
    .map(([key, { count, example }]) => `${key} ${count} times (${example})`);
  const rest = most.length - parts.length;
  const fields = [...parts, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
  return `some of the control plane's answers differ from its dialect: ${fields}`;
}
