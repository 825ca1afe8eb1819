/** The number with so many digits behind the point. */
export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** Each of them rounded; null where a value is not known (NaN). */
export function rounded(values: ArrayLike<number>, digits: number): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : round(value, digits)));
}
