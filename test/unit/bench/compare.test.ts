import { describe, expect, it } from 'vitest';
import { compare, tellDifferences } from '../../bench/compare.js';
import type { Machine, Result } from '../../bench/figures.js';
import type { RowName } from '../../bench/rows.js';

const machine: Machine = {
  processor: 'a processor',
  cores: 2,
  kernel: '6.1',
  node: 'v20.20.2',
  bird: '2.0.12',
  wireguard: 'wireguard-go',
};

function resultOf(row: RowName, values: readonly number[], part: Partial<Machine> = {}): Result {
  return { machine: { ...machine, ...part }, figures: [{ row, sessions: 300, values }] };
}

const changed = (row: RowName, before: readonly number[], now: readonly number[]) =>
  compare(resultOf(row, before), resultOf(row, now)).map(({ isBetter }) => isBetter);

describe('a result beside the last one', () => {
  it('a count that differs by one is a difference', () => {
    expect(changed('cold.programs', [909], [910])).toEqual([false]);
    expect(changed('cold.programs', [909], [610])).toEqual([true]);
    expect(changed('cold.programs', [909], [909])).toEqual([]);
  });

  it('runs that lie among the former ones are none', () => {
    expect(changed('cold.cpu-ratio', [1.4, 1.6, 1.8], [1.7, 1.9, 2.1])).toEqual([]);
    expect(changed('cold.cpu-ratio', [1.4, 1.6, 1.8], [1.9, 2.0, 2.1])).toEqual([false]);
    expect(changed('cold.cpu-ratio', [1.4, 1.6, 1.8], [1.0, 1.1, 1.3])).toEqual([true]);
  });

  it('less than a twentieth is none, however alike the runs are', () => {
    expect(changed('cold.cpu-ratio', [2], [2.08])).toEqual([]);
    expect(changed('cold.cpu-ratio', [2], [2.12])).toEqual([false]);
  });

  it('seconds and megabytes are compared on the same machine only, ratios everywhere', () => {
    const other = { processor: 'a faster one' };
    expect(compare(resultOf('cold.cpu', [14]), resultOf('cold.cpu', [7], other))).toEqual([]);
    expect(compare(resultOf('cold.cpu-ratio', [4]), resultOf('cold.cpu-ratio', [2], other))).toHaveLength(1);
  });

  it('a row that was not measured before is none', () => {
    expect(compare({ machine, figures: [] }, resultOf('cold.cpu', [14]))).toEqual([]);
  });

  it('each is told in a line', () => {
    const differences = [
      ...compare(resultOf('cold.cpu-ratio', [4]), resultOf('cold.cpu-ratio', [2])),
      ...compare(resultOf('new.programs', [9]), resultOf('new.programs', [11])),
    ];
    expect(tellDifferences(differences)).toBe(
      'better  cold, times bare, 300 sessions: 4.00 -> 2.00\nWORSE   new, programs, 300 sessions: 9 -> 11',
    );
  });
});
