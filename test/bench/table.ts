import { formatTable } from '../setup/format-table.js';
import type { Figure, Machine, Result } from './figures.js';
import { type RowName, rowOf, rows } from './rows.js';
import { shown } from './shown.js';
import { slopeOf, spreadOf, summarize } from './statistics.js';

/** Parts with numbers of sessions of their own. */
const parts = [/^start\./, /^(cold|bare)\./, /^(new|idle|pass|memory|queued)\./, /^fakes\./];

/**
 * What was measured, at most 80 characters wide: a line for each row, a column for each number of sessions, the growth with each
 * of them, and whether all is reached that is to be.
 */
export function tableOf({ figures, machine }: Result): string {
  const tables = parts.flatMap((part) => {
    const own = figures.filter(({ row }) => part.test(row));
    return own.length === 0 ? [] : [partOf(own, machine)];
  });
  return [...tables, '(±: how far the farthest run is from the median, in %)'].join('\n\n');
}

function partOf(figures: readonly Figure[], machine: Machine): string {
  const sizes = [...new Set(figures.map(({ sessions }) => sessions))].toSorted((a, b) => a - b);
  const head = ['sessions', ...sizes.map((size) => (size === 0 ? 'none' : String(size))), 'each', 'to reach'];
  const names = Object.keys(rows) as RowName[];
  const lines = names.flatMap((name) => {
    const own = figures.filter(({ row }) => row === name).toSorted((a, b) => a.sessions - b.sessions);
    return own.length === 0 ? [] : [lineOf(name, own, sizes, machine)];
  });
  return formatTable([head, ...lines]);
}

function lineOf(
  name: RowName,
  own: readonly Figure[],
  sizes: readonly number[],
  machine: Machine,
): readonly string[] {
  const row = rowOf(name);
  const cells = sizes.map((size) => {
    const values = own.find(({ sessions }) => sessions === size)?.values;
    return values ? cellOf(values, row.kind) : '';
  });
  const each = row.kind === 'ratio' ? undefined : growthOf(own);
  return [row.words, ...cells, each === undefined ? '' : short(each), goalOf(name, own, each, machine)];
}

/** By how much the row grows for one session more; undefined where one number of sessions was measured. */
function growthOf(own: readonly Figure[]): number | undefined {
  return slopeOf(own.map(({ sessions, values }) => [sessions, summarize(values).median]));
}

function cellOf(values: readonly number[], kind: Parameters<typeof shown>[1]): string {
  const summary = summarize(values);
  const spread = Math.round(spreadOf(summary) * 100);
  return `${shown(summary.median, kind)}${spread === 0 ? '' : `±${spread}`}`;
}

/** Two digits that count, and nothing for what is as good as none. */
function short(value: number): string {
  return Math.abs(value) < 1e-6 ? '0' : String(Number(value.toPrecision(2)));
}

function goalOf(
  name: RowName,
  own: readonly Figure[],
  each: number | undefined,
  { wireguard }: Machine,
): string {
  const { toReach, eachToReach } = rowOf(name);
  if (eachToReach !== undefined && each !== undefined)
    return `each ${eachToReach} ${each <= eachToReach ? 'yes' : 'NO'}`;
  const wanted = own.flatMap(({ sessions, values }) => {
    const most = toReach?.(sessions, wireguard);
    return most === undefined ? [] : [{ most, isReached: summarize(values).median <= most }];
  });
  const [last] = wanted.slice(-1);
  if (!last) return '';
  return `${last.most} ${wanted.every(({ isReached }) => isReached) ? 'yes' : 'NO'}`;
}
