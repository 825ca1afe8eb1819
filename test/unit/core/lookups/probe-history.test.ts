import { expect, it } from 'vitest';
import {
  addProbe,
  lastAnswered,
  makeProbe,
  noProbes,
  summarize,
} from '../../../../src/core/lookups/probe-history.js';

const facts = { target: 'fe80::2%wg_24001', asn: 4242420001, atSeconds: 1 };

it.each([
  [2.7, 0],
  [7.3, 1],
  [19, 2],
  [55, 3],
  [148, 4],
  [403, 5],
  [1097, 6],
  [2981, 7],
  [2982, 8],
])('%d ms are of tier %i', (rttMs, tier) => {
  expect(makeProbe({ ...facts, rttMs })).toMatchObject({ tier, error: undefined });
});

it('without an answer it is of the slowest, and says why', () => {
  expect(makeProbe({ ...facts, rttMs: undefined })).toMatchObject({ tier: 8, error: 'no answer' });
});

it('sums up those that were answered, and counts all', () => {
  const times = [10, undefined, 30];
  const history = times.map((rttMs) => makeProbe({ ...facts, rttMs })).reduce(addProbe, noProbes);
  expect(summarize(history)).toEqual({ minMs: 10, maxMs: 30, averageMs: 20, samples: 2 });
  expect(history).toMatchObject({ made: 3, failed: 1 });
  expect(lastAnswered(history)?.rttMs).toBe(30);
});

it('has nothing to sum up before one was answered', () => {
  const history = addProbe(noProbes, makeProbe({ ...facts, rttMs: undefined }));
  expect([summarize(history), lastAnswered(history)]).toEqual([undefined, undefined]);
});

it('keeps the last fifty', () => {
  let history = noProbes;
  for (let rttMs = 1; rttMs <= 1000; rttMs++) history = addProbe(history, makeProbe({ ...facts, rttMs }));
  expect(history.probes.map(({ rttMs }) => rttMs)).toEqual(
    Array.from({ length: 50 }, (_, index) => 951 + index),
  );
  expect(history.made).toBe(1000);
});
