import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import type { Site } from './candidate.js';

type Owner = Pick<Site, 'uid' | 'gid'>;

/** Makes a directory that BIRD's group can read (0750). False where it exists already, and stays as it is. */
export async function makeDirectory(path: string, owner: Owner): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  await setOwner(path, owner);
  await chmod(path, 0o750);
  return true;
}

/**
 * Only where it differs: without root, some user namespaces refuse even the user's own group. Only root gives files away. A user in
 * BIRD's group keeps its own, which that group can read.
 */
export async function setOwner(path: string, { uid, gid }: Owner): Promise<void> {
  const now = await stat(path);
  if (process.getuid?.() !== 0) return now.gid === gid ? undefined : setGroup(path, gid);
  if (now.uid !== uid || now.gid !== gid) await chown(path, uid, gid);
}

/** Where this user is not in the group, BIRD says whether it can read the file. */
async function setGroup(path: string, gid: number): Promise<void> {
  await chown(path, process.getuid?.() ?? 0, gid).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  });
}
