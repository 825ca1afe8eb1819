/** What an error says, for a log line or a report. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The text with every run of control, format and line-breaking characters as one space: they could move a cursor, start a line, or hide
 * and reorder other text.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
}
