import { expect, it } from 'vitest';
import { formatBytes } from '../../../src/core/explain/units.js';
import { formatDuration, formatMs, formatRate } from '../../../src/words/units.js';

it.each([
  [0, '0s'],
  [0.4, '0s'],
  [59, '59s'],
  [60, '1m'],
  [192, '3m 12s'],
  [3600, '1h'],
  [3605, '1h'],
  [11_520, '3h 12m'],
  [90_000, '1d 1h'],
  [86_400 * 400, '400d'],
  [-5, '0s'],
])('formats %d seconds as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9949, '9.9 kB'],
  [9960, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [1_234_567_890, '1.2 GB'],
  [5e18, '5000 PB'],
])('formats %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0.42, '0.4 ms'],
  [12.46, '12.5 ms'],
  [230.1, '230 ms'],
])('formats %d ms as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

it('formats a rate', () => {
  expect(formatRate(1_234_567)).toBe('1.2 MB/s');
});
