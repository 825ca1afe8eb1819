import { beforeAll, describe, expect, it } from 'vitest';
import { bench, shortForm } from './bench.js';
import type { Result } from './figures.js';
import type { RowName } from './rows.js';
import { summarize } from './statistics.js';
import { tableOf } from './table.js';

// Most counts are exact on every machine: whoever starts a program more or fewer says so here. Seconds are not: a ratio is taken from
// what ran beside it, and has room for what else a machine does.

let result: Result;
beforeAll(async () => {
  const measured = await bench(shortForm, (words) => console.info(words));
  expect(measured.failures).toEqual([]);
  result = measured.result;
  console.info(tableOf(result));
});

function valuesOf(row: RowName, sessions: number): readonly number[] {
  return result.figures.find((figure) => figure.row === row && figure.sessions === sessions)?.values ?? [];
}

const counts: readonly (readonly [RowName, sessions: number, wanted: number])[] = [
  ['cold.programs', 10, 25],
  // Nine more than one for each: links change 20 at a time.
  ['cold.programs', 100, 124],
  ...[10, 100].flatMap((sessions) => [
    ['cold.loads', sessions, 1] as const,
    ['pass.programs', sessions, 3] as const,
    ['pass.changes', sessions, 0] as const,
    ['new.checks', sessions, 2] as const,
  ]),
];

const limits: readonly (readonly [RowName, sessions: number, atMost: number])[] = [
  // Seven, and now and then one more that looks at the kernel's settings in turn.
  ['new.programs', 10, 8],
  ['new.programs', 100, 8],
  ['start.ratio', 0, 6],
  ['cold.cpu-ratio', 100, 8],
  ['pass.cpu-ratio', 100, 20],
];

describe('the short bench', () => {
  it.each(counts)('%s with %i sessions: %i in each run', (row, sessions, wanted) => {
    const values = valuesOf(row, sessions);
    expect(values.length).toBeGreaterThan(0);
    expect([...new Set(values)]).toEqual([wanted]);
  });

  it.each(limits)('%s with %i sessions: at most %d', (row, sessions, atMost) => {
    expect(summarize(valuesOf(row, sessions)).median).toBeLessThanOrEqual(atMost);
  });
});
