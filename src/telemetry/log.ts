import pino from 'pino';
import type { LogEntry } from './log-entry.js';
import { formatJournal } from './log-journal.js';
import { prettyFormat } from './log-pretty.js';
import { redact } from './redact.js';

/** What can be logged, the gravest first. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export type Log = pino.Logger;

/** `pretty` for people, `journal` for journald (sd-daemon(3) priorities), `json` for everything else. */
export type LogFormat = 'pretty' | 'journal' | 'json';

export interface LogTarget {
  write(text: string): unknown;
}

/** A log of single lines to `target` (standard error), without secrets, and without control characters. */
export function createLog(options: {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly target: LogTarget;
  readonly color?: boolean;
}): Log {
  const format = formatter(options.format, options.color ?? false);
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => options.target.write(format(redact(JSON.parse(line)) as LogEntry)) },
  );
}

function formatter(format: LogFormat, color: boolean): (entry: LogEntry) => string {
  if (format === 'pretty') return prettyFormat(color);
  return format === 'journal' ? formatJournal : (entry) => `${JSON.stringify(entry)}\n`;
}
