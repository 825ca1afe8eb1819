import type { Io } from '../commands.js';
import { makePaint, type Paint } from './paint.js';

/** What a text for people depends on. */
export interface Screen {
  /** Columns in a line; Infinity where it is no terminal. */
  readonly width: number;
  readonly paint: Paint;
}

export function screenOf({ stdout, env }: Pick<Io, 'stdout' | 'env'>): Screen {
  const width = stdout.isTTY ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  return { width, paint: makePaint(stdout, env) };
}
