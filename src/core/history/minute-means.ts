import { measures, type Point } from './measures.js';

/** The means of one minute while it is not over: for each measure the sum of value × seconds, and the seconds. */
export type MinuteMeans = number[];

export function noMeans(): MinuteMeans {
  return new Array<number>(measures.length * 2).fill(0.5).fill(0);
}

/** Adds that a measure (by its place in `measures`) had a value for some seconds. What is not known adds nothing. */
export function addMean(means: MinuteMeans, index: number, value: number | undefined, seconds: number): void {
  if (value === undefined || Number.isNaN(value) || seconds <= 0) return;
  means[index * 2] = (means[index * 2] ?? 0) + value * seconds;
  means[index * 2 + 1] = (means[index * 2 + 1] ?? 0) + seconds;
}

export function pointOf(means: MinuteMeans): Point {
  return measures.map((_, index) => (means[index * 2] ?? 0) / (means[index * 2 + 1] ?? 0));
}

/** A piece of time within one minute. */
export interface Piece {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly seconds: number;
}

/** The minutes that a time of `ms` touches which ends at `endMs` (Unix), in order. */
export function piecesOf(endMs: number, ms: number): Piece[] {
  const pieces: Piece[] = [];
  let fromMs = Math.max(0, endMs - ms);
  while (fromMs < endMs) {
    const minute = Math.floor(fromMs / 60_000);
    const untilMs = Math.min(endMs, (minute + 1) * 60_000);
    pieces.push({ minute, seconds: (untilMs - fromMs) / 1000 });
    fromMs = untilMs;
  }
  return pieces;
}
