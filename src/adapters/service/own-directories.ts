import { lstat, mkdir } from 'node:fs/promises';
import type { Run } from '../../platform/exec.js';
import { unlessAbsent } from '../../platform/regular-file.js';
import type { Account } from './account.js';
import { handDirectory, withDirectory } from './hand-over.js';

/** Makes the directory of the agent's sockets, which have groups of their own. Below a directory of root. */
export async function makeRuntimeDirectory(path: string, { uid, gid }: Account): Promise<string[]> {
  const made = await mkdir(path, { recursive: true, mode: 0o755 });
  await withDirectory(path, async (directory) => {
    await handDirectory(directory, { uid, gid, mode: 0o755 });
  });
  return made === undefined ? [] : [`${path} is there`];
}

/**
 * Gives what root has below these directories to the agent's user: its own commands, run by root without a daemon, leave files
 * there. Links are not followed (chown(1)).
 */
export async function handTree(
  run: Run,
  paths: readonly string[],
  { uid }: { readonly uid: number },
): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => unlessAbsent(lstat(path))));
  const present = paths.filter((_, index) => found[index]?.isDirectory());
  if (present.length === 0) return [];
  const options = ['--recursive', '--no-dereference', '--from=0', '--changes'];
  const { stdout } = await run('chown', [...options, String(uid), '--', ...present]);
  const count = stdout.split('\n').filter((line) => line !== '').length;
  return count === 0
    ? []
    : [`${count} files of root's in ${present.join(' and ')} belong to the agent's user now`];
}
