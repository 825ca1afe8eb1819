import type { Io, Output } from '../commands.js';
import { makePaint, type Paint } from './paint.js';

/** What a text for people depends on. */
export interface Screen {
  /** Columns in a line; Infinity where it is no terminal. */
  readonly width: number;
  readonly paint: Paint;
  /** The page that says what messages mean, where this machine has it. */
  readonly page?: string | undefined;
}

/** The screen that standard output is. */
export function screenOf(io: Pick<Io, 'stdout' | 'env' | 'troubleshootingPage'>): Screen {
  const { stdout, env } = io;
  return { width: widthOf(stdout), paint: makePaint(stdout, env), page: io.troubleshootingPage?.() };
}

/** Columns of a terminal; Infinity where it is none. */
export function widthOf({ isTTY, columns }: Pick<Output, 'isTTY' | 'columns'>): number {
  return isTTY ? (columns ?? 80) : Number.POSITIVE_INFINITY;
}
