import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { blacklistFile } from '../../core/desired/blacklist.js';
import { birdDirectories, localDirectory, mainFile } from '../../core/model/names.js';
import { unlessAbsent } from '../../platform/regular-file.js';
import { readBirdBytes, readBirdText } from './bird-text.js';
import { type BirdMode, isConfigName } from './paths.js';
import { openUnchangedTexts, type ReadText } from './unchanged-texts.js';

/**
 * The files below `configDir` under names that the agent uses, and the list of blocked ASNs: path → text, sorted. Leaves out
 * what is absent, no regular file or behind a symbolic link; a file over 16 MiB has its start only.
 */
export async function readFiles(
  configDir: string,
  mode: BirdMode,
  read: ReadText = readBirdText,
): Promise<ReadonlyMap<string, string>> {
  const listed = await Promise.all(birdDirectories.map((directory) => list(configDir, directory)));
  const files = new Map<string, string>();
  for (const path of [mainFile(mode), blacklistFile, ...listed.flat()].sort()) {
    const text = await read(join(configDir, path));
    if (text !== undefined) files.set(path, text);
  }
  return files;
}

/** As `readFiles`, again and again: what did not change is not read again. */
export function openFiles(configDir: string, mode: BirdMode): () => Promise<ReadonlyMap<string, string>> {
  const texts = openUnchangedTexts();
  return async () => {
    const files = await readFiles(configDir, mode, texts.read);
    texts.forgetOthers(new Set([...files.keys()].map((path) => join(configDir, path))));
    return files;
  };
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
