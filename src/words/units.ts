import { formatBytes } from '../core/explain/units.js';

/** `42s`, `3m 12s`, `3h 12m`, `5d 3h`: two units at most. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => whole >= size);
  if (first === -1) return '0s';
  const parts = units.slice(first, first + 2).map(([unit, size], index) => {
    const outer = units[first + index - 1]?.[1];
    const count = index === 0 ? Math.floor(whole / size) : Math.floor((whole % (outer ?? size)) / size);
    return { text: `${count}${unit}`, count };
  });
  return parts
    .filter((part) => part.count > 0)
    .map((part) => part.text)
    .join(' ');
}

/** `1.2 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `0.4 ms`, `12.5 ms`, `230 ms`. */
export function formatMs(ms: number): string {
  return `${ms < 100 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}
