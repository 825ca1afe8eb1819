import type { Stats } from 'node:fs';
import type { LogFormat } from './log.js';

/**
 * How to log to standard error: journald's way where it is connected to the journal, for people on a terminal, else
 * JSON. A program that redirects it inside a service leaves `JOURNAL_STREAM` set, so device and inode are compared,
 * as systemd.exec(5) asks.
 */
export function chooseLogFormat(
  env: Readonly<Record<string, string | undefined>>,
  stderr: { readonly isTTY?: boolean | undefined; readonly stats: Pick<Stats, 'dev' | 'ino'> | undefined },
): LogFormat {
  const { stats } = stderr;
  if (stats && env['JOURNAL_STREAM'] === `${stats.dev}:${stats.ino}`) return 'journal';
  return stderr.isTTY ? 'pretty' : 'json';
}
