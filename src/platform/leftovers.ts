import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

// Process ids are reused, in a container even at each start: the random part tells this process from an earlier one.
const ownPrefix = process.pid.toString(16).padStart(6, '0') + randomBytes(2).toString('hex');

/** 16 hexadecimal digits for a temporary name that identify the process. */
export function temporarySuffix(): string {
  return ownPrefix + randomBytes(3).toString('hex');
}

/**
 * Removes from `directory` what killed processes left: the entries that match `pattern`, whose first group is the suffix.
 * Files of living processes stay. An absent directory is no error. Never throws: a leftover that cannot be removed, as on a
 * read-only disk, does no harm.
 */
export async function sweepLeftovers(directory: string, pattern: RegExp): Promise<void> {
  const entries = await readdir(directory).catch(() => []);
  const left = entries.filter((entry) => isLeftover(pattern.exec(entry)?.[1]));
  await Promise.allSettled(left.map((entry) => rm(join(directory, entry), { recursive: true, force: true })));
}

function isLeftover(suffix: string | undefined): boolean {
  if (suffix === undefined || !/^[0-9a-f]{16}$/.test(suffix) || suffix.startsWith(ownPrefix)) return false;
  const pid = Number.parseInt(suffix.slice(0, 6), 16);
  return pid === process.pid || !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks (kill(2)). EPERM means that the process exists.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
