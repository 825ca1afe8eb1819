import { expect, it } from 'vitest';
import { minute } from '../../../../src/core/history/measures.js';
import { emptySeries, putPoint } from '../../../../src/core/history/series.js';
import { reachesBack, summarize } from '../../../../src/core/history/summary.js';

function seriesOf(rtts: readonly number[]) {
  const series = emptySeries(minute, 100, rtts.length);
  for (const [at, rtt] of rtts.entries()) putPoint(series, 100 + at, [rtt]);
  return series;
}

it('says between which values each measure was, and draws it in equal parts', () => {
  const { rtt, ...others } = summarize(seriesOf([10, 20, Number.NaN, Number.NaN, 30, 60, Number.NaN, 30]), 4);
  expect(rtt).toEqual({ least: 10, average: 30, largest: 60, line: [15, Number.NaN, 45, 30] });
  expect(others).toEqual({});
});

it('draws fewer values than parts, and none', () => {
  expect(summarize(seriesOf([10, 20]), 4).rtt?.line).toEqual([Number.NaN, 10, Number.NaN, 20]);
  expect(summarize(seriesOf([]), 4)).toEqual({});
});

it('knows whether it reaches back', () => {
  const series = seriesOf([Number.NaN, 10, 20, 30]);
  expect([120, 180, 240, 1000].map((seconds) => reachesBack(series, seconds))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
