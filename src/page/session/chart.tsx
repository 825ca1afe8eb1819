import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useIsDark, useWidth } from '../parts/hooks.js';
import { lonePoints, type Plot } from './history.js';
import { formatValue, plotWords } from './values.js';

const height = 150;
const colors = ['--series-1', '--series-2', '--series-3'];

/** One plot by uPlot; the cursors of all plots move together. */
export function Chart({ plot, times }: { readonly plot: Plot; readonly times: readonly number[] }) {
  const [measure, width] = useWidth();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const isDark = useIsDark();
  const names = plot.series.map(({ name }) => name).join();
  // New data goes into the chart that is there.
  useEffect(() => {
    if (!place.current || width === 0) return undefined;
    const made = new uPlot(optionsOf(plot, width), dataOf(plot, times), place.current);
    chart.current = made;
    return () => made.destroy();
  }, [width === 0, isDark, names]);
  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width, height });
  }, [width]);
  useEffect(() => {
    chart.current?.setData(dataOf(plot, times));
  }, [plot, times]);
  const words = plotWords(plot);
  return (
    <figure class="chart">
      <figcaption>
        <h3>{plot.title}</h3>
        <span class="dim small">{words}</span>
      </figcaption>
      <div ref={measure}>
        <div ref={place} role="img" aria-label={`${plot.title}: ${words}`} />
      </div>
    </figure>
  );
}

function dataOf({ series }: Plot, times: readonly number[]): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])];
}

function optionsOf({ unit, series }: Plot, width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  const range: uPlot.Range.Function = (_, __, largest) => [0, rangeTop(unit, largest)];
  return {
    width,
    height,
    cursor: { sync: { key: 'session' }, y: false, drag: { x: false, y: false } },
    scales: { y: { range } },
    legend: { live: true },
    axes: [
      { ...axis, font: '11px system-ui', size: 26, values: timeTicks },
      {
        ...axis,
        font: '11px system-ui',
        size: 62,
        values: (_, ticks) => ticks.map((tick) => formatValue(tick, unit)),
      },
    ],
    series: [
      { label: 'time', value: (_, seconds) => (seconds === null ? '' : timeText(seconds)) },
      ...series.map(({ name }, index) => ({
        label: name,
        stroke: color(colors[index] ?? '--muted'),
        width: 1.5,
        ...(series.length === 1 && { fill: `${color(colors[0] ?? '')}22` }),
        ...(unit === 'part' && uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
        // A line needs two points: one alone is drawn as a dot.
        points: {
          show: false,
          size: 5,
          fill: color(colors[index] ?? '--muted'),
          filter: (self: uPlot, place: number) => [...lonePoints(self.data[place] ?? [])],
        },
        spanGaps: false,
        value: (_: uPlot, value: number | null) => (value === null ? '' : formatValue(value, unit)),
      })),
    ],
  };
}

function rangeTop(unit: Plot['unit'], largest: number): number {
  if (unit === 'part') return 1;
  if (unit === 'percent') return Math.max(10, Math.min(100, largest * 1.1));
  return Math.max(1, largest * 1.1);
}

/** In UTC, as all times of the node. */
function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

function timeTicks(_: uPlot, ticks: number[]): string[] {
  const isLong = (ticks.at(-1) ?? 0) - (ticks[0] ?? 0) > 2 * 86_400;
  return ticks.map((tick) => (isLong ? timeText(tick).slice(5, 10) : timeText(tick).slice(11)));
}
