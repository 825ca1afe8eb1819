import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { blacklistFile } from '../../core/desired/blacklist.js';
import { birdDirectories, localDirectory, mainFile } from '../../core/model/names.js';
import { unlessAbsent } from '../../platform/regular-file.js';
import { readBirdBytes, readBirdText } from './bird-text.js';
import { type BirdMode, isConfigName } from './paths.js';

/**
 * The files below `configDir` under names that the agent uses, and the list of blocked ASNs: path → text, sorted. Leaves out
 * what is absent, no regular file or behind a symbolic link; a file over 16 MiB has its start only.
 */
export async function readFiles(configDir: string, mode: BirdMode): Promise<ReadonlyMap<string, string>> {
  const listed = await Promise.all(birdDirectories.map((directory) => list(configDir, directory)));
  const files = new Map<string, string>();
  for (const path of [mainFile(mode), blacklistFile, ...listed.flat()].sort()) {
    const text = await readBirdText(join(configDir, path));
    if (text !== undefined) files.set(path, text);
  }
  return files;
}

/** The operator's own files that the agent's `bird.conf` includes: path → text, every byte one character. */
export async function readLocalFiles(
  configDir: string,
  mode: BirdMode,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  if (mode === 'include') return files;
  const names = (await unlessAbsent(readdir(join(configDir, localDirectory)))) ?? [];
  for (const name of names.filter(isConfigName).sort()) {
    const text = await readBirdBytes(join(configDir, localDirectory, name), 'follow');
    if (text !== undefined) files.set(`${localDirectory}/${name}`, text);
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
