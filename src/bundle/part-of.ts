import { wordsOf } from '../core/model/words-of.js';
import { readProblem } from '../platform/regular-file.js';
import type { Part } from './source.js';

/** The part, or why it is missing. */
export async function partOf(
  file: string,
  read: () => Promise<
    { readonly text: string; readonly keep?: 'start' | 'end' } | { readonly document: unknown }
  >,
): Promise<Part> {
  try {
    return { file, ...(await read()) };
  } catch (error) {
    const isOfFile = error instanceof Error && 'syscall' in error && 'path' in error;
    return { file, missing: isOfFile ? `${error.path}: ${readProblem(error)}` : wordsOf(error) };
  }
}
