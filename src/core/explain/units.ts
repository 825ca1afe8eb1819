/** `42 s ago`, `3 min ago`, `5 h ago`, `12 days ago`. */
export function ago(seconds: number): string {
  return `${span(seconds)} ago`;
}

/** `42 s`, `3 min`, `5 h`, `12 days`: rounded, with one unit. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.round(whole / 60)} min`;
  if (whole < 172_800) return `${Math.round(whole / 3600)} h`;
  return `${Math.round(whole / 86_400)} days`;
}

/** `999 B`, `1.2 kB`, `34 MB`: powers of 1000, two or three digits. */
export function formatBytes(count: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < names.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${names[unit]}`;
}
