import { fstatSync } from 'node:fs';
import { chooseLogFormat, createLog, type Log, type LogLevel } from '../telemetry/log.js';

/** The program's log on standard error, in the form that suits whoever reads it there. */
export function openLog(level: LogLevel): Log {
  const { stderr, env } = process;
  const format = chooseLogFormat(env, { isTTY: stderr.isTTY, stats: fstatSync(stderr.fd) });
  return createLog({ level, format, target: stderr, color: stderr.isTTY && !env['NO_COLOR'] });
}

/** For a command that prints what it did by itself: only what is wrong, unless more than usual was asked for. */
export function quieter(level: LogLevel): LogLevel {
  return level === 'info' ? 'warn' : level;
}
