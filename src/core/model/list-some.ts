/** The first `most` sentences, and one that counts the rest: `12 more problems`. `what` stands after the number. */
export function firstSentences(sentences: readonly string[], most: number, what: string): readonly string[] {
  const rest = sentences.length - most;
  return rest > 0 ? [...sentences.slice(0, most), `${rest} more ${what}`] : sentences;
}

/** `a, b, c and 3 more`: the first `most` of the names. */
export function listSome(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}
