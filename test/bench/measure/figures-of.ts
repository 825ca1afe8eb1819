import type { Figure } from '../figures.js';
import type { RowName } from '../rows.js';

/** The values of one row in several runs, of each run those that it has. */
export function figuresOf(
  sessions: number,
  runs: readonly Partial<Record<RowName, number>>[],
): readonly Figure[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run) as RowName[]))];
  return names.map((row) => ({
    row,
    sessions,
    values: runs.flatMap((run) => run[row] ?? []),
  }));
}
