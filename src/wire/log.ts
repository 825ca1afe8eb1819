import { fstatSync } from 'node:fs';
import type { LogLevel } from '../telemetry/log.js';
import { createLog, type Log } from '../telemetry/log.js';
import { chooseLogFormat } from '../telemetry/log-format.js';

/** The program's log on standard error, in the form that suits whoever reads it there. */
export function openLog(level: LogLevel): Log {
  const { stderr, env } = process;
  const format = chooseLogFormat(env, { isTTY: stderr.isTTY, stats: fstatSync(stderr.fd) });
  return createLog({ level, format, target: stderr, color: stderr.isTTY && !env['NO_COLOR'] });
}
