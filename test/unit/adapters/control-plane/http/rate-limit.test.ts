import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../../../../src/adapters/control-plane/http/rate-limit.js';

/** The times at which requests go out that ask at `arrivals`. */
function sendTimes(requestsPerMinute: number, arrivals: readonly number[]): number[] {
  const reserve = rateLimit(requestsPerMinute);
  return arrivals.map((nowMs) => nowMs + reserve(nowMs));
}

describe('rateLimit', () => {
  it('sends no more in any minute than it may, however requests come', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ max: 90_000, min: 0 })), { maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), gaps, (limit, waits) => {
        let nowMs = 0;
        const times = sendTimes(
          limit,
          waits.map((wait) => (nowMs += wait)),
        );
        // Half a millisecond is for the rounding of many additions.
        return times.every(
          (from) => times.filter((at) => at >= from && at < from + 59_999.5).length <= limit,
        );
      }),
    );
  });

  it('keeps the order of arrival', () => {
    const times = sendTimes(60, Array(200).fill(0));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('makes nobody wait before the minute has had all that it may', () => {
    const times = sendTimes(240, Array(250).fill(1000));
    expect(times.slice(0, 240)).toEqual(Array(240).fill(1000));
    expect(times.slice(240)).toEqual(Array(10).fill(61_000));
  });

  it('uses all it may when there is always something to send', () => {
    const times = sendTimes(240, Array(1000).fill(0));
    expect(times.filter((at) => at < 60_000)).toHaveLength(240);
  });
});
