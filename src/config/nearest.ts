import { closestMatch } from 'leven';

/** The candidate that `word` probably means (a few letters apart, case ignored), or undefined. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const maxDistance = Math.max(1, Math.floor(word.length / 3));
  const lower = candidates.map((candidate) => candidate.toLowerCase());
  const match = closestMatch(word.toLowerCase(), lower, { maxDistance });
  return match === undefined ? undefined : candidates[lower.indexOf(match)];
}
