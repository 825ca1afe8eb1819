import { knownOf, meanOfKnown } from './known-values.js';
import { type Measure, measures } from './measures.js';
import type { Series } from './series.js';

/** One measure over a time. */
export interface Summary {
  readonly least: number;
  readonly average: number;
  readonly largest: number;
  /** The means of equal parts of the time, oldest first; NaN where nothing is known. */
  readonly line: readonly number[];
}

/** What is known of each measure over a series; what is not known at any time is absent. */
export function summarize(series: Series, parts: number): Partial<Record<Measure, Summary>> {
  const found: Partial<Record<Measure, Summary>> = {};
  for (const measure of measures) {
    const values = series.values[measure];
    const known = knownOf(values);
    if (known.length === 0) continue;
    found[measure] = {
      least: known.reduce((least, value) => Math.min(least, value)),
      average: meanOfKnown(known),
      largest: known.reduce((largest, value) => Math.max(largest, value)),
      line: Array.from({ length: parts }, (_, part) => {
        const at = (index: number) => Math.floor((index * values.length) / parts);
        return meanOfKnown(values.subarray(at(part), at(part + 1)));
      }),
    };
  }
  return found;
}

/** True where something is known of the time before the last `seconds`. */
export function reachesBack({ step, steps, values }: Series, seconds: number): boolean {
  const before = Math.max(0, steps - Math.ceil(seconds / step));
  return measures.some((measure) =>
    values[measure].subarray(0, before).some((value) => !Number.isNaN(value)),
  );
}
