import { describe, expect, it } from 'vitest';
import type { Figure, Machine } from '../../bench/figures.js';
import { type RowName, rows } from '../../bench/rows.js';
import { tableOf } from '../../bench/table.js';

const machine: Machine = {
  processor: 'a processor',
  cores: 2,
  kernel: '6.1',
  node: 'v20.20.2',
  bird: '2.0.12',
  wireguard: 'wireguard-go',
};

const lineOf = (table: string, start: string) => table.split('\n').find((line) => line.startsWith(start));

describe('the table', () => {
  it('a line for each row, a column for each number of sessions, the growth, and what is to be reached', () => {
    const figures: Figure[] = [
      { row: 'cold.programs', sessions: 300, values: [611] },
      { row: 'cold.programs', sessions: 10, values: [30] },
      { row: 'cold.cpu', sessions: 10, values: [0.6, 0.5, 0.9] },
    ];
    expect(tableOf({ machine, figures })).toBe(
      `sessions     10        300  each  to reach
cold, CPU s  0.600±50             0.5 NO
  programs   30        611  2     610 NO

(±: how far the farthest run is from the median, in %)`,
    );
  });

  it('with the WireGuard of the kernel fewer programs are to be reached', () => {
    const figures: Figure[] = [{ row: 'cold.programs', sessions: 10, values: [30] }];
    expect(lineOf(tableOf({ machine: { ...machine, wireguard: 'kernel' }, figures }), '  prog')).toMatch(
      /20 NO$/,
    );
  });

  it('a bound on the growth is of the growth', () => {
    const figures: Figure[] = [
      { row: 'pass.cpu', sessions: 100, values: [60] },
      { row: 'pass.cpu', sessions: 300, values: [100] },
    ];
    expect(lineOf(tableOf({ machine, figures }), 'idle pass')).toMatch(/ 0\.2 +each 0\.3 yes$/);
  });

  it('is no wider than 80 characters with all rows and sizes', () => {
    const figures = (Object.keys(rows) as RowName[]).flatMap((row) =>
      [10, 100, 300, 1000].map((sessions) => ({ row, sessions, values: [123, 100, 140] })),
    );
    const widths = tableOf({ machine, figures })
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });
});
