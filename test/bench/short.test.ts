import { beforeAll, describe, expect, it } from 'vitest';
import { bench, shortForm } from './bench.js';
import type { Result } from './figures.js';
import type { RowName } from './rows.js';
import { summarize } from './statistics.js';
import { tableOf } from './table.js';

// Counts are exact on every machine: whoever starts a program more or fewer says so here. Seconds are not: a ratio is taken from
// what ran beside it, and has room for what else a machine does.

let result: Result;
beforeAll(async () => {
  result = await bench(shortForm, (words) => console.info(words));
  console.info(tableOf(result));
});

function valuesOf(row: RowName, sessions: number): readonly number[] {
  return result.figures.find((figure) => figure.row === row && figure.sessions === sessions)?.values ?? [];
}

const counts: readonly (readonly [RowName, sessions: number, wanted: number])[] = [
  ...[10, 100].flatMap((sessions) => [
    ['cold.programs', sessions, 3 * sessions + 15] as const,
    ['cold.loads', sessions, 1] as const,
    ['pass.programs', sessions, 3] as const,
    ['pass.changes', sessions, 0] as const,
    ['new.programs', sessions, 11] as const,
    ['new.checks', sessions, 3] as const,
  ]),
];

const ratios: readonly (readonly [RowName, sessions: number, atMost: number])[] = [
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

  it.each(ratios)('%s with %i sessions: at most %d', (row, sessions, atMost) => {
    expect(summarize(valuesOf(row, sessions)).median).toBeLessThanOrEqual(atMost);
  });
});
