import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file.js';
import { unlessAbsent } from '../platform/regular-file.js';
import { writeNewFile } from '../platform/write-new-file.js';

/** Throws where the file may not be written: before the work, not after it. */
export async function requireFree(path: string, { force }: { readonly force: boolean }): Promise<void> {
  const directory = await unlessAbsent(lstat(`${dirname(path)}/.`));
  if (!directory?.isDirectory())
    throw new Error(`${dirname(path)} is no directory; the bundle cannot be written there`);
  const found = await unlessAbsent(lstat(path));
  if (!found) return;
  if (!force) throw new Error(`${path} exists; --force replaces it, --output names another file`);
  if (!found.isFile()) throw new Error(`${path} is no regular file; --output names another one`);
}

/** Writes a file that only this user can read, at once and whole. */
export async function writePrivate(
  path: string,
  bytes: Uint8Array,
  { force }: { readonly force: boolean },
): Promise<void> {
  await (force ? writeFileAtomic(path, bytes, { mode: 0o600 }) : writeNewFile(path, bytes, 0o600));
}
