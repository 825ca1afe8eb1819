import { describe, expect, it } from 'vitest';
import { slopeOf, spreadOf, summarize } from '../../bench/statistics.js';

describe('what repeated runs say', () => {
  it('the median of an odd and of an even number of runs, and the ends', () => {
    expect(summarize([30, 10, 20])).toEqual({ median: 20, least: 10, most: 30 });
    expect(summarize([40, 10, 20, 30])).toEqual({ median: 25, least: 10, most: 40 });
    expect(summarize([7])).toEqual({ median: 7, least: 7, most: 7 });
  });

  it('of no runs nothing is said', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });

  it('the spread is how far the farther end is from the median', () => {
    expect(spreadOf({ median: 20, least: 10, most: 22 })).toBe(0.5);
    expect(spreadOf({ median: 0, least: 0, most: 0 })).toBe(0);
  });

  it('the growth is the slope of the line that fits best', () => {
    expect(
      slopeOf([
        [10, 45],
        [100, 315],
        [300, 915],
      ]),
    ).toBeCloseTo(3);
    expect(slopeOf([[10, 45]])).toBeUndefined();
  });
});
