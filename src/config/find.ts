import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.js';

export interface FoundFile {
  readonly path: string;
  readonly text: string;
  /** True where every user of the machine can read it. */
  readonly worldReadable: boolean;
}

/** Larger than any configuration; keeps a wrong path (a device, a log) from filling the memory. */
const maxBytes = 1024 * 1024;

/**
 * Reads the configuration file: the one that was named, else the first that exists of `config.json` in `cwd` and
 * `systemPaths`. Undefined where none exists. Throws `ConfigError` where the file cannot be read.
 */
export async function findConfigFile(where: {
  readonly path: string | undefined;
  readonly cwd: string;
  readonly systemPaths: readonly string[];
}): Promise<FoundFile | undefined> {
  if (where.path !== undefined) return readConfigFile(resolve(where.cwd, where.path));
  for (const path of [resolve(where.cwd, 'config.json'), ...where.systemPaths]) {
    const exists = await stat(path).then(
      () => true,
      (error) => !['ENOENT', 'ENOTDIR'].includes(error.code),
    );
    if (exists) return readConfigFile(path);
  }
  return undefined;
}

async function readConfigFile(path: string): Promise<FoundFile> {
  try {
    return { path, ...(await readTextFile(path)) };
  } catch (error) {
    throw new ConfigError(path, [{ path: '', message: readProblem(error) }]);
  }
}

/** The text of a regular file of at most 1 MiB, and who may read it. Throws what the system says. */
export async function readTextFile(path: string): Promise<{ text: string; worldReadable: boolean }> {
  const facts = await stat(path);
  if (!facts.isFile()) throw new Error('it is not a regular file');
  if (facts.size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
  return { text: await readFile(path, 'utf8'), worldReadable: (facts.mode & 0o004) !== 0 };
}

/** Why a file could not be read, in words. */
export function readProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EACCES') return 'it cannot be read: permission denied';
  return (error as Error).message;
}
