import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory, temporaryPath } from './atomic-file.js';

/**
 * Writes a file that must not be there yet, with these permission bits whatever the umask is. A link, unlike a rename, fails
 * where there is one (link(2)), and unlike an exclusive open it shows the file only when all of it is on the disk.
 */
export async function writeNewFile(path: string, text: string | Uint8Array, mode: number): Promise<void> {
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A key that is told to others must not be lost with its directory.
  if (made !== undefined) await syncDirectory(dirname(made));
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
    await syncDirectory(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}
