/** `a, b, c and 3 more`: the first `most` of the names. */
export function listSome(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}
