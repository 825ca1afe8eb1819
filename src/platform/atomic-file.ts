import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sweepLeftovers, temporarySuffix } from './leftovers.js';

export interface AtomicFileOptions {
  /** Permission bits, whatever the umask is. */
  readonly mode: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/**
 * Writes `text` as the whole of the file `path`: a reader, and whoever comes after a crash, sees the old file or the
 * new one. The bytes lie in a sibling whose name starts with a dot, so that globs such as `*.conf` do not see it, and
 * are on disk before the sibling takes the name (rename(2), fsync(2)). A symbolic link at `path` is replaced itself.
 */
export async function writeFileAtomic(path: string, text: string, options: AtomicFileOptions): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await writeSynced(temporary, text, options);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** The name of the file that an interrupted `writeFileAtomic` left `name` behind for; undefined for other names. */
export function temporaryFor(name: string): string | undefined {
  return /^\.(.+)\.[0-9a-f]{16}\.tmp$/.exec(name)?.[1];
}

/** Makes renames and removals in the directory outlive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  await syncFile(path);
}

/** Makes the bytes of a file outlive a power cut. */
export async function syncFile(path: string): Promise<void> {
  await using(await open(path, 'r'), (file) => file.sync());
}

/** A sibling of `path` that no other process has. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${temporarySuffix()}.tmp`);
}

/** Removes the siblings that killed processes left behind for `path`. */
export async function sweepTemporaries(path: string): Promise<void> {
  const name = basename(path).replace(/[.+^${}()|[\]\\*?]/g, '\\$&');
  await sweepLeftovers(dirname(path), new RegExp(`^\\.${name}\\.([0-9a-f]{16})\\.tmp$`));
}

async function writeSynced(path: string, text: string, options: AtomicFileOptions): Promise<void> {
  // Nobody but the owner reads it before owner and mode are as they should be.
  await using(await open(path, 'wx', 0o600), async (file) => {
    await file.writeFile(text);
    await setOwner(file, options);
    await file.chmod(options.mode);
    await file.sync();
  });
}

/** Only where it differs: who is not root may not even name its own group in some user namespaces. */
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
