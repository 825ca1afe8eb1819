import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/platform/clock.js';

describe('systemClock', () => {
  it('counts Unix time in milliseconds', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  it('sleeps as long as it is told', async () => {
    const before = performance.now();
    await systemClock.sleep(30);
    expect(performance.now() - before).toBeGreaterThanOrEqual(28);
  });

  it('wakes at once when the signal fires, or has fired', async () => {
    const before = performance.now();
    const stop = new AbortController();
    const sleep = systemClock.sleep(60_000, stop.signal);
    stop.abort();
    await sleep;
    await systemClock.sleep(60_000, stop.signal);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
