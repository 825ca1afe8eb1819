import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';

/** Larger than any file that a person writes for the agent. */
const defaultMaxBytes = 1024 * 1024;

/** The path has no readable file: it is a FIFO, a device or a directory, or the file is too large. */
class UnusableFileError extends Error {
  override readonly name: string = 'UnusableFileError';
}

/** The file is larger than the limit. */
export class TooLargeError extends UnusableFileError {
  override readonly name = 'TooLargeError';
}

/**
 * The text of a regular file of at most `maxBytes` (1 MiB), and its permission bits. Never waits for a writer, and opens
 * only a regular file. Follows a symbolic link at `path` unless `links` says otherwise. With `latin1` every byte is one
 * character. Throws the system's error, or one that says what is there instead; `readProblem` puts it into words.
 */
export async function readTextFile(
  path: string,
  options: {
    readonly encoding?: 'utf8' | 'latin1';
    readonly links?: 'refuse' | 'follow';
    readonly maxBytes?: number;
  } = {},
): Promise<{ readonly text: string; readonly mode: number }> {
  const { encoding = 'utf8', links = 'follow', maxBytes = defaultMaxBytes } = options;
  // Opening a device can have effects: a watchdog starts, a tape rewinds.
  requireRegular(await (links === 'follow' ? stat : lstat)(path));
  // The file may have been replaced since: without O_NONBLOCK the opening of a FIFO waits for its writer.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (links === 'follow' ? 0 : constants.O_NOFOLLOW);
  const file = await open(path, flags);
  try {
    const stats = await file.stat();
    requireRegular(stats);
    return {
      text: (await readAtMost(file, stats.size, maxBytes)).toString(encoding),
      mode: stats.mode & 0o7777,
    };
  } finally {
    await file.close();
  }
}

/** As `readTextFile`, but undefined where there is no such file, or no readable one (such as a refused link). */
export async function readRegular(
  path: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
  links: 'refuse' | 'follow' = 'refuse',
  maxBytes = defaultMaxBytes,
): Promise<string | undefined> {
  try {
    return (await unlessAbsent(readTextFile(path, { encoding, links, maxBytes })))?.text;
  } catch (error) {
    if (error instanceof UnusableFileError) return undefined;
    throw error;
  }
}

/** The first bytes of a regular file, as text. Throws the system's error where there is none. */
export async function readStart(path: string, bytes: number): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    requireRegular(await file.stat());
    const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

/** Undefined where there is no such file, or a symbolic link (ELOOP), socket or device (ENXIO) in its place. */
export async function unlessAbsent<T>(action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO') return undefined;
    throw error;
  }
}

/** Why a file could not be read, in words. */
export function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EACCES') return 'it cannot be read: permission denied';
  return error instanceof Error ? error.message : String(error);
}

function requireRegular(stats: Stats): void {
  if (!stats.isFile()) throw new UnusableFileError(`it is ${kindOf(stats)}, not a regular file`);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** The reported size is no limit: files of /proc have none, and a file may grow while it is read. */
async function readAtMost(file: FileHandle, size: number, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let total = 0; total <= maxBytes && size <= maxBytes; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.max(size - total, 4096)));
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  throw new TooLargeError(`it has more than ${maxBytes} bytes`);
}
