const bars = '▁▂▃▄▅▆▇█';

/**
 * Values as bars, the last `width` of them; what is missing is a dot. The lowest bar is the least value, the highest the largest, unless
 * `bounds` says otherwise.
 */
export function sparkline(
  values: readonly (number | null | undefined)[],
  width: number,
  bounds: { readonly least?: number | undefined; readonly largest?: number | undefined } = {},
): string {
  const shown = values.slice(-width);
  const known = shown.filter((value) => typeof value === 'number');
  const { least = Math.min(...known), largest = Math.max(...known) } = bounds;
  const height = (value: number) =>
    largest === least ? 0 : Math.round(((value - least) / (largest - least)) * (bars.length - 1));
  return shown.map((value) => (typeof value !== 'number' ? '·' : bars.charAt(height(value)))).join('');
}
