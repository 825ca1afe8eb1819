import { userName } from './groups.js';

const codes = ['EACCES', 'EPERM'];

export function isNoRights(error: unknown): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** What this user may not do, and what helps: `the user alice may not read it: run the command with sudo`. */
export function describeNoRights(what: string): string {
  return `the user ${userName()} may not ${what}: run the command with sudo`;
}

/** The error in words where it is for want of rights on a file; Node's own words name only the call and the path. */
export function noRightsWords(error: unknown): string | undefined {
  if (!isNoRights(error) || !(error instanceof Error) || !('path' in error)) return undefined;
  const call = 'syscall' in error ? String(error.syscall) : 'use';
  return describeNoRights(`${calls[call] ?? call} ${error.path}`);
}

const calls: Readonly<Record<string, string>> = {
  open: 'open',
  mkdir: 'make the directory',
  scandir: 'list the directory',
  unlink: 'remove',
  rename: 'replace',
  stat: 'look at',
  lstat: 'look at',
};
