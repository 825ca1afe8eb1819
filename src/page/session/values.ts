import { formatMs, formatRate } from '../../words/units.js';
import { type Plot, rangeOf } from './history.js';

/** A value of a plot in words. */
export function formatValue(value: number, unit: Plot['unit']): string {
  if (unit === 'ms') return formatMs(value);
  if (unit === 'bytes') return formatRate(value);
  if (unit === 'percent') return `${Number(value.toFixed(1))} %`;
  if (unit === 'part') return `${Number((value * 100).toFixed(1))} %`;
  return String(Math.round(value));
}

/** `received 1.2 kB/s to 3 MB/s, last 40 kB/s`: what a plot shows, for those who do not see it. */
export function plotWords({ series, unit }: Plot): string {
  const parts = series.flatMap(({ name, values }) => {
    const range = rangeOf(values);
    if (!range) return [];
    const { least, largest, last } = range;
    const span =
      least === largest
        ? `always ${formatValue(last, unit)}`
        : `${formatValue(least, unit)} to ${formatValue(largest, unit)}, last ${formatValue(last, unit)}`;
    return [series.length === 1 ? span : `${name} ${span}`];
  });
  return parts.join('; ');
}
