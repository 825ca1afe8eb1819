import { isDeepStrictEqual } from 'node:util';
import type { Figure, Result } from './figures.js';
import { rowOf } from './rows.js';
import { shown } from './shown.js';
import { summarize } from './statistics.js';

/** A row that is not what it was. */
export interface Difference {
  readonly figure: Figure;
  readonly before: number;
  readonly now: number;
  readonly isBetter: boolean;
}

/** Below this part of the median, runs that do not overlap still say nothing: so much comes of where in memory things lie. */
const leastPart = 0.05;

/**
 * What got better or worse: counts by any difference; all else where no run of the one lies among the runs of the other. What is
 * neither a count nor a ratio is compared only on a machine of the same kind.
 */
export function compare(last: Result, now: Result): readonly Difference[] {
  const isSameMachine = isDeepStrictEqual(last.machine, now.machine);
  return now.figures.flatMap((figure) => {
    const { kind } = rowOf(figure.row);
    const former = last.figures.find(
      ({ row, sessions }) => row === figure.row && sessions === figure.sessions,
    );
    if (!former || (kind === 'amount' && !isSameMachine)) return [];
    const [a, b] = [summarize(former.values), summarize(figure.values)];
    const isApart =
      kind === 'count'
        ? a.median !== b.median
        : (a.most < b.least || b.most < a.least) && Math.abs(b.median / a.median - 1) > leastPart;
    return isApart ? [{ figure, before: a.median, now: b.median, isBetter: b.median < a.median }] : [];
  });
}

/** A line for each difference. */
export function tellDifferences(differences: readonly Difference[]): string {
  return differences
    .map(({ figure: { row, sessions }, before, now, isBetter }) => {
      const { kind, words } = rowOf(row);
      const group = words.startsWith(' ') ? `${row.split('.')[0]},${words.slice(1)}` : words;
      const change = `${shown(before, kind)} -> ${shown(now, kind)}`;
      return `${isBetter ? 'better' : 'WORSE '}  ${group}, ${sessions} sessions: ${change}`;
    })
    .join('\n');
}
