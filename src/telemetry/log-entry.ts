/** One log entry as it is formatted: a level as a word, an ISO time, a message and facts. */
export interface LogEntry {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly [fact: string]: unknown;
}
