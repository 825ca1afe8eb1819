import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** More than any resolv.conf has; of the kernel's routes it is the beginning, where the default routes are. */
const maxBytes = 65_536;

/** The first 64 KiB of a regular file, whole lines only; undefined where there is none that can be read. Never throws. */
export async function readHead(path: string): Promise<string | undefined> {
  try {
    // Without O_NONBLOCK the opening of a FIFO waits for its writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return undefined;
      const buffer = Buffer.alloc(maxBytes);
      const length = await fill(buffer, async (from) => (await file.read(buffer, from)).bytesRead);
      const text = buffer.toString('utf8', 0, length);
      return length < maxBytes ? text : text.slice(0, text.lastIndexOf('\n') + 1);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** A file below /proc gives a page at a time. Returns how much there is. */
async function fill(buffer: Buffer, readFrom: (offset: number) => Promise<number>): Promise<number> {
  let length = 0;
  for (let more = -1; more !== 0 && length < buffer.length; length += more) more = await readFrom(length);
  return length;
}
