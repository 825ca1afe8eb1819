import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sweepLeftovers, temporarySuffix } from './leftovers.js';

export interface AtomicFileOptions {
  /** Permission bits, whatever the umask is. */
  readonly mode: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface AtomicFile extends AtomicFileOptions {
  readonly path: string;
  readonly text: string | Uint8Array;
}

/**
 * Writes `text` as the whole file `path`: a reader, also after a crash, sees the old file or the new one. The bytes are on
 * disk in a sibling before it takes the name (rename(2), fsync(2)). The sibling's name starts with a dot, so that globs such
 * as `*.conf` skip it. Replaces a symbolic link at `path` itself.
 */
export async function writeFileAtomic(
  path: string,
  text: string | Uint8Array,
  options: AtomicFileOptions,
): Promise<void> {
  await writeFilesAtomic([{ ...options, path, text }]);
}

/** So many are written at a time: the disk syncs them together. */
const atATime = 8;

/**
 * As `writeFileAtomic` for each: they take their names in their order, once the bytes of all are on disk, and each directory is
 * synced once. Where it fails, some of them may have their names.
 */
export async function writeFilesAtomic(files: readonly AtomicFile[]): Promise<void> {
  const writes = files.map((file) => ({ ...file, temporary: temporaryPath(file.path) }));
  try {
    for (let next = 0; next < writes.length; next += atATime) {
      const some = writes.slice(next, next + atATime);
      // All come to their end before a failure counts: then none of them makes a sibling any more.
      const ends = await Promise.allSettled(some.map((each) => writeSynced(each.temporary, each.text, each)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    }
    for (const { temporary, path } of writes) await rename(temporary, path);
  } catch (error) {
    for (const { temporary } of writes) await unlink(temporary).catch(() => {});
    throw error;
  }
  for (const directory of new Set(writes.map(({ path }) => dirname(path)))) await syncDirectory(directory);
}

/** The name of the file for which an interrupted `writeFileAtomic` left `name`; undefined for other names. */
export function temporaryFor(name: string): string | undefined {
  return /^\.(.+)\.[0-9a-f]{16}\.tmp$/.exec(name)?.[1];
}

/** Makes renames and removals in the directory survive a power failure. */
export async function syncDirectory(path: string): Promise<void> {
  await syncFile(path);
}

/** Makes the bytes of a file survive a power failure. */
export async function syncFile(path: string): Promise<void> {
  await using(await open(path, 'r'), (file) => file.sync());
}

/** A sibling name of `path` that no other process uses. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${temporarySuffix()}.tmp`);
}

/** Removes the siblings that killed processes left behind for `path`. */
export async function sweepTemporaries(path: string): Promise<void> {
  const name = basename(path).replace(/[.+^${}()|[\]\\*?]/g, '\\$&');
  await sweepLeftovers(dirname(path), new RegExp(`^\\.${name}\\.([0-9a-f]{16})\\.tmp$`));
}

async function writeSynced(
  path: string,
  text: string | Uint8Array,
  options: AtomicFileOptions,
): Promise<void> {
  // Only the owner can read it until owner and mode are right.
  await using(await open(path, 'wx', 0o600), async (file) => {
    await file.writeFile(text);
    await setOwner(file, options);
    await file.chmod(options.mode);
    await file.sync();
  });
}

/** Only where it differs: without root, some user namespaces refuse even the user's own group. */
async function setOwner(file: FileHandle, { uid, gid }: AtomicFileOptions): Promise<void> {
  const now = await file.stat();
  const wanted = { uid: uid ?? now.uid, gid: gid ?? now.gid };
  if (wanted.uid !== now.uid || wanted.gid !== now.gid) await file.chown(wanted.uid, wanted.gid);
}

async function using(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
