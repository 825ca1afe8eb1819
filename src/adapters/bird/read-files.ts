import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { blacklistFile } from '../../core/adopt/blacklist.js';
import { agentDirectories, type BirdMode, isConfigName, mainFile } from './names.js';

/** A larger file is none of the agent's. */
const maxFileBytes = 1024 * 1024;

/**
 * The files below `configDir` under names that the agent uses, and the list of blocked ASNs: path → text, in their order. What is absent,
 * no regular file, behind a symbolic link or over 1 MiB is left out.
 */
export async function readFiles(configDir: string, mode: BirdMode): Promise<ReadonlyMap<string, string>> {
  const listed = await Promise.all(agentDirectories.map((directory) => list(configDir, directory)));
  const files = new Map<string, string>();
  for (const path of [mainFile(mode), blacklistFile, ...listed.flat()].sort()) {
    const text = await readRegular(join(configDir, path));
    if (text !== undefined) files.set(path, text);
  }
  return files;
}

async function list(configDir: string, directory: string): Promise<readonly string[]> {
  const path = join(configDir, directory);
  const found = await unlessAbsent(lstat(path));
  if (!found?.isDirectory()) return [];
  const names = await readdir(path);
  return names.filter(isConfigName).map((name) => `${directory}/${name}`);
}

/** The text of a regular file of at most 1 MiB, or undefined. As `latin1` every byte is one character. */
export async function readRegular(
  path: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
  links: 'refuse' | 'follow' = 'refuse',
): Promise<string | undefined> {
  // Without O_NONBLOCK the opening of a FIFO waits for its writer.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (links === 'follow' ? 0 : constants.O_NOFOLLOW);
  const file = await unlessAbsent(open(path, flags));
  if (!file) return undefined;
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size <= maxFileBytes ? await file.readFile(encoding) : undefined;
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
