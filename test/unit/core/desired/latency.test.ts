import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LinkLatency,
  margin,
  tierBoundsMs,
  updateLatency,
} from '../../../../src/core/desired/latency.js';

const rtt = fc.double({ min: 0, max: 10_000, noNaN: true });
const bound = fc.constantFrom(...tierBoundsMs);

/** What is remembered after these samples, one a minute unless `everySeconds` says otherwise. */
function measure(
  samples: readonly number[],
  start?: LinkLatency,
  tierCount?: number,
  everySeconds = 60,
): LinkLatency {
  const update = (latency: LinkLatency | undefined, rttMs: number, index: number) =>
    updateLatency(latency, rttMs, index * everySeconds, tierCount);
  const after = samples.reduce(update, start);
  if (!after) throw new Error('there is no sample');
  return after;
}

/** Every tier on the way, the first one included. */
function tiers(samples: readonly number[], everySeconds?: number): number[] {
  const upTo = (index: number) => measure(samples.slice(0, index + 1), undefined, undefined, everySeconds);
  return samples.map((_, index) => upTo(index).tier);
}

function changes(samples: readonly number[], everySeconds?: number): number {
  return tiers(samples, everySeconds).filter((tier, index, all) => index > 0 && tier !== all[index - 1])
    .length;
}

describe('the first measurement', () => {
  it.each([
    [0, 0],
    [2.7, 0],
    [2.8, 1],
    [7.3, 1],
    [15, 2],
    [54.9, 3],
    [148, 4],
    [149, 5],
    [403.1, 6],
    [2000, 7],
    [2982, 8],
    [1e9, 8],
  ])('of %d ms is in tier %i', (rttMs, tier) => {
    expect(updateLatency(undefined, rttMs, 5)).toEqual({
      rttMs: Math.max(rttMs, 0.01),
      tier,
      sinceSeconds: 5,
    });
  });
});

describe('any measurements', () => {
  it('a longer time never leads to a lower tier', () => {
    const previous = fc.option(fc.array(rtt, { minLength: 1, maxLength: 5 }), { nil: undefined });
    fc.assert(
      fc.property(previous, rtt, rtt, (before, a, b) => {
        const start = before && measure(before);
        const low = updateLatency(start, Math.min(a, b), 600);
        const high = updateLatency(start, Math.max(a, b), 600);
        expect(high.rttMs).toBeGreaterThanOrEqual(low.rttMs);
        expect(high.tier).toBeGreaterThanOrEqual(low.tier);
      }),
    );
  });

  it('a lasting round-trip time converges to its tier, within the margin around a bound', () => {
    fc.assert(
      fc.property(rtt, rtt, (before, lasting) => {
        const after = measure(Array(80).fill(lasting), updateLatency(undefined, before, 0));
        const exact = updateLatency(undefined, lasting, 0).tier;
        const nearBound = tierBoundsMs.some(
          (ms) => lasting > ms / margin / 1.01 && lasting < ms * margin * 1.01,
        );
        expect(Math.abs(after.tier - exact)).toBeLessThanOrEqual(nearBound ? 1 : 0);
      }),
    );
  });

  it('jitter around a bound changes the tier at most once', () => {
    const jitter = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(bound, jitter, (boundMs, factors) => {
        expect(changes(factors.map((factor) => boundMs * (1 + factor)))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('the tier is one that the policy has', () => {
    fc.assert(
      fc.property(fc.array(rtt, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (samples, tierCount) => {
        const { tier } = measure(samples, undefined, tierCount);
        expect(tier).toBeGreaterThanOrEqual(0);
        expect(tier).toBeLessThan(tierCount);
      }),
    );
  });
});

it('a late answer among many does not change the tier', () => {
  expect(changes([12, 12, 12, 300, 12, 12])).toBe(0);
});

it('a lasting change shows within a quarter of an hour', () => {
  expect(measure([30, ...Array(15).fill(200)]).tier).toBe(5);
  expect(measure([200, ...Array(15).fill(30)]).tier).toBe(3);
});

describe('a tier that was set', () => {
  it('stays for ten minutes, however many measurements show another', () => {
    expect(changes([0.5, ...Array(200).fill(80)], 2.9)).toBe(0);
    expect(changes([0.5, ...Array(200).fill(80)], 3.1)).toBe(1);
  });

  it('changes at most once in ten minutes, whatever is measured', () => {
    const samples = fc.array(rtt, { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 120 }), (times, everySeconds) => {
        const most = Math.floor(((times.length - 1) * everySeconds) / 600);
        expect(changes(times, everySeconds)).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('changes only when three measurements in a row show the same new one', () => {
    const since = { rttMs: 5, tier: 1, sinceSeconds: 0 };
    const [one, two, three] = [1, 2, 3].map((count) => measure(Array(count).fill(40_000), since, 3, 600));
    expect(one).toMatchObject({ tier: 1, next: { tier: 2, measurements: 1 } });
    expect(two).toMatchObject({ tier: 1, next: { tier: 2, measurements: 2 } });
    expect(three).toMatchObject({ tier: 2, sinceSeconds: 1200 });
    expect(three?.next).toBeUndefined();
  });

  it('changes ten minutes after it was set, not a second before', () => {
    const next = { tier: 4, measurements: 2 };
    const at = (seconds: number) =>
      updateLatency({ rttMs: 100, tier: 1, sinceSeconds: 0, next }, 100, seconds);
    expect([at(599).tier, at(600).tier]).toEqual([1, 4]);
  });

  it('begins the count again when the time comes back', () => {
    const near = { rttMs: 9, tier: 1, sinceSeconds: -600 };
    const away = updateLatency(near, 12, 0);
    expect(away.next).toEqual({ tier: 2, measurements: 1 });
    expect(updateLatency(away, 4, 60).next).toBeUndefined();
  });

  it('does not stay longer because the clock was set back', () => {
    const later = { rttMs: 100, tier: 1, sinceSeconds: 1_000_000 };
    expect(measure([100, 100, 100], later).tier).toBe(4);
  });
});

it('fewer tiers than before take the slowest that is left', () => {
  expect(updateLatency({ rttMs: 5000, tier: 8, sinceSeconds: 0 }, 5000, 1, 3).tier).toBe(2);
});
