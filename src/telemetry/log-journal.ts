import type { LogEntry } from './log-entry.js';
import { oneLine } from './one-line.js';

/** syslog's priorities (sd-daemon(3)), so that `journalctl -p warning` finds what it should. */
const priorities: Readonly<Record<string, number>> = {
  fatal: 2,
  error: 3,
  warn: 4,
  info: 6,
  debug: 7,
  trace: 7,
};

/** `<4>message key=value ...`: one line, for each line is an entry of its own. journald adds the time. */
export function formatJournal(entry: LogEntry): string {
  const { level, time: _, msg, ...facts } = entry;
  const rest = Object.entries(facts).map(([key, value]) => `${key}=${text(key, value)}`);
  return `<${priorities[level] ?? 6}>${oneLine([msg ?? '', ...rest].join(' ').trim())}\n`;
}

function text(key: string, value: unknown): string {
  if (key === 'err' && typeof value === 'object' && value !== null && 'message' in value) {
    return JSON.stringify(value.message);
  }
  return typeof value === 'string' && /^[\w.:/@%+-]+$/.test(value) ? value : JSON.stringify(value);
}
