import { describe, expect, it } from 'vitest';
import { mostSubjects } from '../../../../src/core/history/block.js';
import { minute, quarter } from '../../../../src/core/history/measures.js';
import { packPoint, pointBytes, unpackPoint } from '../../../../src/core/history/packed-point.js';
import type { Row } from '../../../../src/core/history/recorder.js';
import { condense, rowsOf, runsOf, windowOf, windowRange } from '../../../../src/core/history/runs.js';
import { emptySeries, putMinutes, putStretches } from '../../../../src/core/history/series.js';
import { subjectId } from '../../../../src/core/history/subject-id.js';

const [a, b] = [subjectId('a'), subjectId('b')];

function row(at: number, values: Readonly<Record<string, number>>): Row {
  const index = new Map(Object.keys(values).map((id, place) => [id, place]));
  const points = new Uint8Array(index.size * pointBytes);
  for (const [id, value] of Object.entries(values))
    packPoint([value, 0, 0, 0, 0, 0, 0, 1], new DataView(points.buffer), (index.get(id) ?? 0) * pointBytes);
  return { minute: at, index, points };
}

function rtts(points: Uint8Array | undefined): (number | undefined)[] {
  const view = new DataView(points?.buffer ?? new ArrayBuffer(0), points?.byteOffset, points?.byteLength);
  return Array.from(
    { length: view.byteLength / pointBytes },
    (_, at) => unpackPoint(view, at * pointBytes)[0],
  );
}

describe('minutes that follow each other', () => {
  it('are one run; a step of the clock begins another one', () => {
    const runs = runsOf([row(10, { [a]: 1 }), row(11, { [a]: 2, [b]: 3 }), row(4, { [b]: 4 })]);
    expect(runs.map(({ start, steps }) => [start, steps])).toEqual([
      [10, 2],
      [4, 1],
    ]);
    expect(rtts(runs[0]?.points.get(a))).toEqual([1, 2]);
    expect(rtts(runs[0]?.points.get(b))).toEqual([Number.NaN, 3]);
  });

  it('come back from a run', () => {
    const rows = [row(10, { [a]: 1, [b]: 2 }), row(11, { [a]: 3, [b]: 4 })];
    expect(runsOf(rows).flatMap(rowsOf)).toEqual(rows);
  });

  it('have a bound: sessions beyond it have no history', () => {
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [subjectId(`${at}`), 1]));
    expect(runsOf([row(1, many)])[0]?.points.size).toBe(mostSubjects);
  });
});

describe('four hours', () => {
  it('become quarters of an hour, each the mean of what is known', () => {
    const window = windowOf(1_800_000_000);
    const { start, steps } = windowRange(window);
    const rows = Array.from({ length: steps - 15 }, (_, at) =>
      row(start + at, at % 2 === 0 ? { [a]: 10 } : { [a]: 20 }),
    );
    const run = condense(window, runsOf(rows));
    expect([run?.step, run?.start, run?.steps]).toEqual([quarter, start / 15, 16]);
    expect(rtts(run?.points.get(a))).toEqual([
      expect.closeTo(14.67, 2),
      expect.closeTo(15.33, 2),
      ...Array.from({ length: 13 }, () => expect.closeTo(15, 0)),
      Number.NaN,
    ]);
  });

  it('of which nothing is known become nothing', () => {
    expect(condense(windowOf(1_800_000_000), [])).toBeUndefined();
  });
});

describe('a series', () => {
  it('has each point at its step; of two for the same step the later one counts, and what it does not know stays', () => {
    const series = emptySeries(minute, 100, 4);
    const [first, second] = [row(0, { [a]: 7 }), row(0, { [a]: Number.NaN })];
    putStretches(series, [
      { start: 99, points: new Uint8Array([...first.points, ...first.points]) },
      { start: 100, points: row(0, { [a]: 8 }).points },
      { start: 100, points: second.points },
      { start: 103, points: new Uint8Array([...first.points, ...first.points]) },
    ]);
    expect([...series.values.rtt]).toEqual([8, Number.NaN, Number.NaN, 7]);
  });

  it('of quarters takes minutes where it knows nothing', () => {
    const quarters = emptySeries(quarter, 10, 3);
    putStretches(quarters, [{ start: 10, points: row(0, { [a]: 5 }).points }]);
    const minutes = emptySeries(minute, 150, 40);
    putStretches(
      minutes,
      Array.from({ length: 40 }, (_, at) => ({ start: 150 + at, points: row(0, { [a]: at }).points })),
    );
    putMinutes(quarters, minutes);
    expect([...quarters.values.rtt].map((rtt) => Number(rtt.toFixed(1)))).toEqual([5, 22, 34.5]);
  });
});
