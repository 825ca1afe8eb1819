/** What an error says, for a log line or a report. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
