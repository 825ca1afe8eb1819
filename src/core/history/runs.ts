import { mostSteps, mostSubjects, type Run } from './block.js';
import { minute, quarter } from './measures.js';
import { packPoint, pointBytes, unknownPoints, viewOf } from './packed-point.js';
import type { Row } from './recorder.js';
import { emptySeries, meanOf, putStretches, type Stretch } from './series.js';
import type { SubjectId } from './subject-id.js';

/** Rows whose minutes follow each other become one run; a step of the clock begins another one. */
export function runsOf(rows: readonly Row[]): Run[] {
  const groups: Row[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    const isNext = group?.at(-1)?.minute === row.minute - 1 && group.length < mostSteps;
    if (group && isNext) group.push(row);
    else groups.push([row]);
  }
  return groups.flatMap((group) => runOf(group) ?? []);
}

function runOf(rows: readonly Row[]): Run | undefined {
  const points = new Map<SubjectId, Uint8Array>();
  for (const [place, { index, points: all }] of rows.entries())
    for (const [id, at] of index) {
      if (!points.has(id) && points.size >= mostSubjects) continue;
      const own = points.get(id) ?? unknownPoints(rows.length);
      own.set(all.subarray(at * pointBytes, (at + 1) * pointBytes), place * pointBytes);
      points.set(id, own);
    }
  const start = rows[0]?.minute;
  if (start === undefined || points.size === 0) return undefined;
  return { step: minute, start, steps: rows.length, points };
}

/** The minutes of a run as rows. */
export function rowsOf({ start, steps, points }: Run): Row[] {
  const index = new Map([...points.keys()].map((id, place) => [id, place]));
  return Array.from({ length: steps }, (_, at) => {
    const row = new Uint8Array(points.size * pointBytes);
    for (const [id, own] of points)
      row.set(own.subarray(at * pointBytes, (at + 1) * pointBytes), (index.get(id) ?? 0) * pointBytes);
    return { minute: start + at, index, points: row };
  });
}

/** As many quarters of an hour as one block of the longer ring has: four hours. */
export const windowQuarters = 16;
const windowMinutes = windowQuarters * (quarter / minute);

/** The minutes of a window, which counts from 1970. */
export function windowRange(window: number): { readonly start: number; readonly steps: number } {
  return { start: window * windowMinutes, steps: windowMinutes };
}

/** The window in which a Unix time lies. */
export function windowOf(seconds: number): number {
  return Math.floor(seconds / (windowMinutes * minute));
}

/** The quarters of an hour of a window, each the mean of its minutes; undefined where nothing is known. */
export function condense(window: number, minutes: readonly Run[]): Run | undefined {
  const { start, steps } = windowRange(window);
  const stretches = new Map<SubjectId, Stretch[]>();
  for (const run of minutes)
    for (const [id, points] of run.points) {
      const known = stretches.get(id) ?? [];
      known.push({ start: run.start, points });
      stretches.set(id, known);
    }
  const first = window * windowQuarters;
  const points = new Map<SubjectId, Uint8Array>();
  for (const [id, own] of [...stretches].slice(-mostSubjects)) {
    const series = emptySeries(minute, start, steps);
    putStretches(series, own);
    const packed = unknownPoints(windowQuarters);
    const view = viewOf(packed);
    for (let at = 0; at < windowQuarters; at += 1)
      packPoint(meanOf(series, first + at), view, at * pointBytes);
    points.set(id, packed);
  }
  return points.size === 0 ? undefined : { step: quarter, start: first, steps: windowQuarters, points };
}
