import type { HistoryAnswer } from '../../shell/history/answer.js';

type SeriesName = keyof HistoryAnswer['series'];

/** One plot: its series over a common time. */
export interface Plot {
  readonly title: string;
  readonly unit: 'ms' | 'percent' | 'bytes' | 'count' | 'part';
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

const plots: readonly (readonly [string, Plot['unit'], readonly (readonly [SeriesName, string])[]])[] = [
  ['Round-trip time', 'ms', [['rtt', 'RTT']]],
  ['Loss', 'percent', [['loss', 'lost']]],
  [
    'Traffic',
    'bytes',
    [
      ['received', 'received'],
      ['sent', 'sent'],
    ],
  ],
  [
    'Routes',
    'count',
    [
      ['imported', 'imported'],
      ['refused', 'refused'],
      ['exported', 'exported'],
    ],
  ],
  ['BGP up', 'part', [['up', 'Established']]],
];

/** The times of the points in Unix seconds. */
export function timesOf({ step, from, series }: HistoryAnswer): readonly number[] {
  return series.up.map((_, index) => from + index * step);
}

/** Those in which at least one value is known. */
export function plotsOf({ series }: HistoryAnswer): readonly Plot[] {
  return plots
    .map(([title, unit, parts]) => ({
      title,
      unit,
      series: parts.map(([name, words]) => ({ name: words, values: series[name] })),
    }))
    .filter((plot) => plot.series.some(({ values }) => values.some((value) => value !== null)));
}

/** The places of known values with none before and none behind, of which no line can be drawn. */
export function lonePoints(values: ArrayLike<number | null | undefined>): readonly number[] {
  const isKnown = (index: number) => typeof values[index] === 'number';
  return Array.from({ length: values.length }, (_, index) => index).filter(
    (index) => isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1),
  );
}

/** Least, largest and last of what is known; undefined where nothing is. */
export function rangeOf(
  values: readonly (number | null)[],
): { readonly least: number; readonly largest: number; readonly last: number } | undefined {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return undefined;
  let [least, largest] = [last, last];
  for (const value of known) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  return { least, largest, last };
}
