import { meanOfKnown } from './known-values.js';
import { type Measure, measures, minute, type Point, quarter, type Step } from './measures.js';
import { pointBytes, unpackPoint, viewOf } from './packed-point.js';

/** The values of one subject over steps that follow each other, by measure; NaN where a value is not known. */
export interface Series {
  readonly step: Step;
  /** Steps since 1970. */
  readonly start: number;
  readonly steps: number;
  readonly values: Readonly<Record<Measure, Float64Array>>;
}

/** Packed points of one subject. */
export interface Stretch {
  readonly start: number;
  readonly points: Uint8Array;
}

export function emptySeries(step: Step, start: number, steps: number): Series {
  const of = () => new Float64Array(steps).fill(Number.NaN);
  return {
    step,
    start,
    steps,
    values: {
      rtt: of(),
      loss: of(),
      received: of(),
      sent: of(),
      imported: of(),
      refused: of(),
      exported: of(),
      up: of(),
    },
  };
}

/** Puts one point at its step; what it does not know stays as it is. */
export function putPoint({ start, steps, values }: Series, at: number, point: Point): void {
  if (at < start || at >= start + steps) return;
  for (const [index, measure] of measures.entries()) {
    const value = point[index] ?? Number.NaN;
    if (!Number.isNaN(value)) values[measure][at - start] = value;
  }
}

/** Puts points of the same step, in the order in which they were stored: the last word on a step counts. */
export function putStretches(series: Series, stretches: readonly Stretch[]): void {
  for (const { start, points } of stretches) {
    const view = viewOf(points);
    for (let index = 0; (index + 1) * pointBytes <= points.byteLength; index += 1)
      putPoint(series, start + index, unpackPoint(view, index * pointBytes));
  }
}

const perQuarter = quarter / minute;

/** Puts the means of `minutes` where `quarters` knows nothing of a quarter of an hour. */
export function putMinutes(quarters: Series, minutes: Series): void {
  const first = Math.floor(minutes.start / perQuarter);
  const last = Math.floor((minutes.start + minutes.steps - 1) / perQuarter);
  for (let at = first; at <= last; at += 1)
    if (isUnknown(quarters, at)) putPoint(quarters, at, meanOf(minutes, at));
}

/** The means of a quarter of an hour, each over the minutes in which the value is known. */
export function meanOf({ start, values }: Series, at: number): number[] {
  const from = at * perQuarter - start;
  return measures.map((measure) =>
    meanOfKnown(values[measure].subarray(Math.max(0, from), Math.max(0, from + perQuarter))),
  );
}

function isUnknown({ start, values }: Series, at: number): boolean {
  return measures.every((measure) => Number.isNaN(values[measure][at - start] ?? Number.NaN));
}
