const bars = '▁▂▃▄▅▆▇█';

/** Values as bars between the least and the largest, the last `width` of them; what is missing is a dot. */
export function sparkline(values: readonly (number | undefined)[], width: number): string {
  const shown = values.slice(-width);
  const known = shown.filter((value) => value !== undefined);
  const [least, largest] = [Math.min(...known), Math.max(...known)];
  const height = (value: number) =>
    largest === least ? 0 : Math.round(((value - least) / (largest - least)) * (bars.length - 1));
  return shown.map((value) => (value === undefined ? '·' : bars.charAt(height(value)))).join('');
}
