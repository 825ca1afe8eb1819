const shown = 50;

/** The reasons, or where there are very many, the first of them and a count of the rest. */
export function summary(reasons: readonly string[]): readonly string[] {
  if (reasons.length <= shown) return reasons;
  return [...reasons.slice(0, shown), `and ${reasons.length - shown} more`];
}
