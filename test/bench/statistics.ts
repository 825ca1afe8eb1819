/** What repeated runs say: the middle, and how far they lie apart. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (least === undefined || most === undefined || upper === undefined || lower === undefined)
    throw new RangeError('there is nothing to summarize');
  return { median: (lower + upper) / 2, least, most };
}

/** How far the farther end is from the middle, as a part of the middle. */
export function spreadOf({ median, least, most }: Summary): number {
  return median === 0 ? 0 : Math.max(most - median, median - least) / Math.abs(median);
}

/** By how much y grows for one x more (least squares); undefined where there are not two x. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number | undefined {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const square = mean(([x]) => (x - meanX) ** 2);
  return square > 0 ? mean(([x, y]) => (x - meanX) * (y - meanY)) / square : undefined;
}
