import { prettyFactory } from 'pino-pretty';
import type { LogEntry } from './log-entry.js';
import { oneLine } from './one-line.js';

/** `[20:21:28] WARN: message {"key":"value"}` for a person at a terminal. */
export function prettyFormat(colorize: boolean): (entry: LogEntry) => string {
  const pretty = prettyFactory({ colorize, singleLine: true, translateTime: 'SYS:HH:MM:ss' });
  return (entry) => pretty(printable(entry));
}

/** What came from outside must not move the cursor, set a title or forge a line. Stacks keep their lines. */
function printable(value: unknown, key?: string): unknown {
  if (typeof value === 'string')
    return key === 'stack' ? value.split('\n').map(oneLine).join('\n') : oneLine(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => printable(item));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [oneLine(name), printable(item, name)]),
  );
}
