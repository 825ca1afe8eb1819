import { constants } from 'node:fs';
import { type FileHandle, lchown, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAbsent } from '../../platform/regular-file.js';

// All of this is done by root in places where others can write. So nothing follows a link that one of them may have made, and
// what was looked at is what is changed: by its descriptor.

/** Owner, group and permission bits; what is left out stays. */
export interface Holder {
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
}

/** A directory that is open, for what lies in it. */
export interface Directory {
  readonly path: string;
  readonly handle: FileHandle;
}

/**
 * Opens a directory whose path only root can change, such as `/etc/bird`, and calls `use`. Does nothing where there is none.
 */
export async function withDirectory(
  path: string,
  use: (directory: Directory) => Promise<void>,
): Promise<void> {
  await withOpen(path, path, constants.O_DIRECTORY, (handle) => use({ path, handle }));
}

/** As `withDirectory`, for a directory inside one. */
export async function withinDirectory(
  parent: Directory,
  name: string,
  use: (directory: Directory) => Promise<void>,
): Promise<void> {
  const path = join(parent.path, name);
  const flags = constants.O_DIRECTORY | constants.O_NOFOLLOW;
  await withOpen(path, `${byDescriptor(parent.handle)}/${name}`, flags, (handle) => use({ path, handle }));
}

/** Gives a directory another owner, group or mode. True where it had others. */
export function handDirectory({ handle }: Directory, holder: Holder): Promise<boolean> {
  return hand(handle, holder);
}

/**
 * The same for a regular file in a directory, if `wanted` says so of its text. A file with a second name stays as it is: the other
 * one may be somebody's.
 */
export async function handFile(
  parent: Directory,
  name: string,
  holderOf: (file: {
    readonly uid: number;
    readonly mode: number;
    readText(): Promise<string>;
  }) => Promise<Holder> | Holder,
): Promise<boolean> {
  let changed = false;
  const flags = constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const path = join(parent.path, name);
  await withOpen(path, `${byDescriptor(parent.handle)}/${name}`, flags, async (handle) => {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.nlink !== 1) return;
    const readText = async () => {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return buffer.toString('utf8', 0, bytesRead);
    };
    changed = await hand(handle, await holderOf({ uid: stats.uid, mode: stats.mode & 0o7777, readText }));
  });
  return changed;
}

/** Gives away those sockets of a directory that are root's and that `isOurs` names. Returns their names. A socket cannot be opened. */
export async function handSockets(
  parent: Directory,
  uid: number,
  isOurs: (name: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const given: string[] = [];
  for (const name of await readdir(byDescriptor(parent.handle))) {
    const path = `${byDescriptor(parent.handle)}/${name}`;
    const stats = await unlessAbsent(lstat(path));
    if (!stats?.isSocket() || stats.uid !== 0 || !(await isOurs(name))) continue;
    await unlessAbsent(lchown(path, uid, stats.gid));
    given.push(name);
  }
  return given;
}

async function hand(handle: FileHandle, { uid, gid, mode }: Holder): Promise<boolean> {
  const now = await handle.stat();
  const owner = { uid: uid ?? now.uid, gid: gid ?? now.gid };
  const isOther = owner.uid !== now.uid || owner.gid !== now.gid;
  if (isOther) await handle.chown(owner.uid, owner.gid);
  const bits = now.mode & 0o7777;
  if (mode !== undefined && (mode !== bits || isOther)) await handle.chmod(mode);
  return isOther || (mode !== undefined && mode !== bits);
}

async function withOpen(
  path: string,
  opened: string,
  flags: number,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  // A link in the place of what was expected (ELOOP, ENOTDIR) is not the agent's.
  const handle = await unlessAbsent(open(opened, constants.O_RDONLY | flags));
  if (!handle) return;
  try {
    await use(handle);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await handle.close();
  }
}

function byDescriptor({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}
