import { open } from 'node:fs/promises';
import {
  readRegular,
  readStart,
  readTextFile,
  TooLargeError,
  unlessAbsent,
} from '../../platform/regular-file.js';

/** The agent neither writes nor compares larger files. A thousand sessions or a table of ROAs have a few MiB. */
export const maxBirdFileBytes = 16 * 1024 * 1024;

/** Enough for the line that names the file's owner. */
const startBytes = 4096;

/**
 * The text of a file of BIRD; of one that is too large, the start, which names its owner and differs from every file that
 * the agent writes. Undefined where there is no regular file.
 */
export async function readBirdText(path: string): Promise<string | undefined> {
  try {
    return (await unlessAbsent(readTextFile(path, { links: 'refuse', maxBytes: maxBirdFileBytes })))?.text;
  } catch (error) {
    if (error instanceof TooLargeError) return unlessAbsent(readStart(path, startBytes));
    return readRegular(path);
  }
}

/** An operator's file, every byte one character; undefined where none can be read. */
export function readBirdBytes(
  path: string,
  links: 'refuse' | 'follow' = 'refuse',
): Promise<string | undefined> {
  return readRegular(path, 'latin1', links, maxBirdFileBytes);
}

/** True where both are files with the same bytes, however many. */
export async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const files = [await open(one), await open(other)] as const;
  try {
    const [{ size }, { size: otherSize }] = await Promise.all([files[0].stat(), files[1].stat()]);
    if (size !== otherSize) return false;
    for (let at = 0; at < size; at += chunkBytes) {
      const [a, b] = await Promise.all(
        files.map((file) => file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at)),
      );
      if (!a || !b || !a.buffer.equals(b.buffer)) return false;
    }
    return true;
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

const chunkBytes = 1024 * 1024;
