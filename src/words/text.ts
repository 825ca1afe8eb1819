import { oneLine } from '../core/model/words-of.js';

/** `1 change`, `3 changes`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Text from outside (descriptions, errors), safe for a terminal or a page. */
export function printable(text: string): string {
  return oneLine(text).trim();
}

/** One line of a text from outside, as `printable`, with its indent. */
export function printableLine(line: string): string {
  return line.replace(/\S.*/s, printable);
}
