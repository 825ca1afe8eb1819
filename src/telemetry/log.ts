import { fstatSync, type Stats } from 'node:fs';
import pino from 'pino';
import { prettyFactory } from 'pino-pretty';
import { oneLine } from '../core/model/words-of.js';
import { redact } from '../redact/secret-forms.js';
import type { LogLevel } from './log-levels.js';

export type Log = pino.Logger;

/** `pretty` for people, `journal` for journald (sd-daemon(3) priorities), `json` for everything else. */
export type LogFormat = 'pretty' | 'journal' | 'json';

export interface LogTarget {
  write(text: string): unknown;
}

/** The program's log on standard error, in the form that suits its reader. */
export function openLog(level: LogLevel): Log {
  const { stderr, env } = process;
  const format = chooseLogFormat(env, { isTTY: stderr.isTTY, stats: fstatSync(stderr.fd) });
  return createLog({ level, format, target: stderr, color: stderr.isTTY && !env['NO_COLOR'] });
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

/** One log entry as it is formatted: a level as a word, an ISO time, a message and facts. */
interface LogEntry {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly [fact: string]: unknown;
}

/**
 * The format for standard error: journald's where it is connected to the journal, `pretty` on a terminal, else JSON. A
 * program that redirects it inside a service leaves `JOURNAL_STREAM` set, so the agent compares device and inode, as
 * systemd.exec(5) says.
 */
export function chooseLogFormat(
  env: Readonly<Record<string, string | undefined>>,
  stderr: { readonly isTTY?: boolean | undefined; readonly stats: Pick<Stats, 'dev' | 'ino'> | undefined },
): LogFormat {
  const { stats } = stderr;
  if (stats && env['JOURNAL_STREAM'] === `${stats.dev}:${stats.ino}`) return 'journal';
  return stderr.isTTY ? 'pretty' : 'json';
}

/** `[20:21:28] WARN: message {"key":"value"}` for a person at a terminal. */
function prettyFormat(colorize: boolean): (entry: LogEntry) => string {
  const pretty = prettyFactory({ colorize, singleLine: true, translateTime: 'SYS:HH:MM:ss' });
  return (entry) => pretty(printable(entry));
}

/** Text from outside must not move the cursor, set a title or forge a line. Stacks keep their lines. */
function printable(value: unknown, key?: string): unknown {
  if (typeof value === 'string')
    return key === 'stack' ? value.split('\n').map(oneLine).join('\n') : oneLine(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => printable(item));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [oneLine(name), printable(item, name)]),
  );
}

/** syslog's priorities (sd-daemon(3)), for `journalctl -p warning`. */
const priorities: Readonly<Record<string, number>> = {
  fatal: 2,
  error: 3,
  warn: 4,
  info: 6,
  debug: 7,
  trace: 7,
};

/** `<4>message key=value ...`: one line, for each line is an entry of its own. journald adds the time. */
function formatJournal(entry: LogEntry): string {
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
