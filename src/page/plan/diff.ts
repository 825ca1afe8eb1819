import { printableLine } from '../../words/text.js';

export interface DiffLine {
  readonly kind: 'added' | 'removed' | 'place' | 'same';
  /** With its sign and its indent. */
  readonly text: string;
}

const kinds: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed', '@': 'place' };

/** The lines of a unified diff. */
export function linesOf(diff: string): readonly DiffLine[] {
  return diff.split('\n').map((line) => ({
    kind: kinds[line.charAt(0)] ?? 'same',
    text: printableLine(line),
  }));
}
