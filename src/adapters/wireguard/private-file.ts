import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepLeftovers, temporarySuffix } from '../../platform/leftovers.js';

/**
 * Writes `text` to a file (0600) in a directory of its own (0700) below `directory`, calls `use` with its path and
 * removes both again, whatever `use` does. For programs that take secrets from a file only.
 */
export async function withPrivateFile<T>(
  directory: string,
  text: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const own = join(directory, `wg-${temporarySuffix()}`);
  await mkdir(own, { mode: 0o700 });
  try {
    const path = join(own, 'config');
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    return await use(path);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Removes the private files that killed processes left below `directory`: there are keys in them. */
export async function sweepPrivateFiles(directory: string): Promise<void> {
  await sweepLeftovers(directory, /^wg-([0-9a-f]{16})$/);
}
