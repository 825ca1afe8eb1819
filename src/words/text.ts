/** `1 change`, `3 changes`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/**
 * Text from outside (descriptions, errors), safe for a terminal or a page: control, format and line-breaking characters become spaces,
 * because they could move the cursor, set a title, or hide and reorder other text.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
