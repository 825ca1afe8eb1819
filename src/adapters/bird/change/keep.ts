import { constants, copyFile, link, lstat } from 'node:fs/promises';
import { syncFile } from '../../../platform/atomic-file.js';
import { unlessAbsent } from '../../../platform/regular-file.js';
import { haveSameBytes } from '../bird-text.js';

/**
 * Keeps an operator's text beside the file: `bird.conf.orig`; if that holds another text, `bird.conf.orig.2` and so on: it never
 * overwrites a file. Returns the path of the copy; undefined where there is one already.
 */
export async function keepBeside(target: string, suffix: 'orig' | 'edited'): Promise<string | undefined> {
  const isFile = (await unlessAbsent(lstat(target)))?.isFile() ?? false;
  for (let number = 1; ; number += 1) {
    const kept = number === 1 ? `${target}.${suffix}` : `${target}.${suffix}.${number}`;
    const found = await unlessAbsent(lstat(kept));
    if (found?.isFile() && isFile && (await haveSameBytes(target, kept))) return undefined;
    if (found) continue;
    await keepAs(target, kept);
    return kept;
  }
}

/** A second name for the same file: owner, mode and bytes stay. A user who does not own the file may have to copy it. */
export async function keepAs(target: string, kept: string): Promise<void> {
  try {
    await link(target, kept);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
    await copyFile(target, kept, constants.COPYFILE_EXCL);
    // A link needs no sync: the bytes of the file are on the disk already.
    await syncFile(kept);
  }
}
