import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

// Process numbers come again, in a container even at each start: the chance tells this process from an earlier one.
const ownPrefix = process.pid.toString(16).padStart(6, '0') + randomBytes(2).toString('hex');

/** 16 hexadecimal digits for a temporary name, which tell of the process that made it. */
export function temporarySuffix(): string {
  return ownPrefix + randomBytes(3).toString('hex');
}

/**
 * Removes from `directory` what processes that were killed left there: the entries that `pattern` matches, with their
 * suffix in its first group. What belongs to a living process stays. A directory that is not there has none. Never throws: what
 * cannot be removed, as on a disk that is read-only, is in nobody's way.
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
    // Signal 0 only asks (kill(2)). Not allowed to ask means that there is somebody.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
