import type { Outcome } from './simulate.js';

const width = 960;
const height = 260;
const margin = 48;

/** Requests to the control plane over time as an SVG picture: the busiest second of each stretch, and the mean; outages are shaded. */
export function plotOf({ perSecond, happenings, startMs }: Outcome, title: string): string {
  const stretch = Math.max(1, Math.ceil(perSecond.length / (width - 2 * margin)));
  const stretches = Array.from({ length: Math.ceil(perSecond.length / stretch) }, (_, index) =>
    perSecond.slice(index * stretch, (index + 1) * stretch),
  );
  const most = Math.max(1, ...perSecond);
  const x = (second: number) => margin + (second / perSecond.length) * (width - 2 * margin);
  const y = (count: number) => height - margin - (count / most) * (height - 2 * margin);
  const line = (of: (counts: readonly number[]) => number) =>
    stretches
      .map((counts, index) => `${x(index * stretch).toFixed(1)},${y(of(counts)).toFixed(1)}`)
      .join(' ');
  const mean = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const shades = happenings
    .filter(({ isOfAll }) => isOfAll)
    .map(({ atMs, endMs }) => {
      const [from, to] = [x((atMs - startMs) / 1000), x((endMs - startMs) / 1000)];
      return `<rect x="${from.toFixed(1)}" y="${margin}" width="${(to - from).toFixed(1)}" height="${height - 2 * margin}" fill="#d97706" opacity=".18"/>`;
    });
  const hours = (perSecond.length / 3600).toFixed(1);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin}" y="24" font-size="14">${title}</text>`,
    ...shades,
    `<polyline fill="none" stroke="#94a3b8" points="${line((counts) => Math.max(...counts))}"/>`,
    `<polyline fill="none" stroke="#1d4ed8" stroke-width="1.5" points="${line(mean)}"/>`,
    `<line x1="${margin}" x2="${width - margin}" y1="${y(0)}" y2="${y(0)}" stroke="#334155"/>`,
    `<text x="${margin - 6}" y="${y(most) + 4}" text-anchor="end">${most}/s</text>`,
    `<text x="${margin - 6}" y="${y(0) + 4}" text-anchor="end">0</text>`,
    `<text x="${width - margin}" y="${height - margin + 20}" text-anchor="end">${hours} h</text>`,
    `<text x="${margin}" y="${height - 12}" fill="#475569">blue: mean; grey: busiest second; shaded: an outage</text>`,
    '</svg>',
  ].join('\n')}\n`;
}
