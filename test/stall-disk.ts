import { closeSync, openSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/platform/exec.js';

/** Node's threads for files, unless UV_THREADPOOL_SIZE says otherwise. */
const threads = 4;

/**
 * Makes every file operation of this process wait, as on a disk that does not answer: all of Node's threads for files wait in
 * open(2) for the writer of a FIFO. Resolves to what ends that.
 */
export async function stallDisk(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-stall-'));
  const fifo = join(directory, 'fifo');
  await run('mkfifo', [fifo]);
  const opened = Array.from({ length: threads }, () => open(fifo, 'r'));
  return async () => {
    // Opened for both it waits for nobody, and ends the wait of those who only read.
    const writer = openSync(fifo, 'r+');
    for (const file of await Promise.all(opened)) await file.close();
    closeSync(writer);
    await rm(directory, { recursive: true });
  };
}
