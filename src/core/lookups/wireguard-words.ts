const units = [
  ['year', 31_536_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How long ago a handshake was, as `wg show` says it: `1 minute, 30 seconds ago`; `never` where there was none. */
export function handshakeWords(secondsAgo: number | undefined): string {
  if (secondsAgo === undefined) return 'never';
  let rest = Math.floor(secondsAgo);
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return parts.length === 0 ? 'Now' : `${parts.join(', ')} ago`;
}

/** An amount of bytes as `wg show` says it: `148 B`, `1.23 GiB`. */
export function amountWords(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < names.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(2)} ${names[unit]}`;
}
