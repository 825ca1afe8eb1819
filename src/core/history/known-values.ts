/** Without those that are not known (NaN). */
export function knownOf(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

/** The mean of those that are known; NaN where none is. */
export function meanOfKnown(values: Float64Array): number {
  const known = knownOf(values);
  return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
}
