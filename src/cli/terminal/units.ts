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

/** `999 B`, `1.2 kB`, `34 MB`: powers of 1000, two or three digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

/** `1.2 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `0.4 ms`, `12.5 ms`, `230 ms`. */
export function formatMs(ms: number): string {
  return `${ms < 100 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}
