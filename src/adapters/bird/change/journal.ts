import { rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { birdDirectories } from '../../../core/model/names.js';
import { syncDirectory, writeFileAtomic } from '../../../platform/atomic-file.js';
import { readRegular } from '../../../platform/regular-file.js';
import { isAgentPath, previousDirectory } from '../paths.js';
import type { Site } from './candidate.js';

/**
 * What a change of BIRD's files replaces, written down before the first of them is touched and there until the change is
 * confirmed. So also an agent that comes after a killed one can take the change back.
 */
export interface Journal {
  /** `existed`: what was there is kept in `previousDirectory`. */
  readonly files: readonly { readonly path: string; readonly existed: boolean }[];
  /** Directories that the change makes. */
  readonly directories: readonly string[];
  /** Copies of an operator's files, such as `bird.conf.orig`, that it makes. */
  readonly originals: readonly string[];
}

const schema = z.object({
  files: z.array(z.object({ path: z.string(), existed: z.boolean() })),
  directories: z.array(z.enum(birdDirectories)),
  originals: z.array(z.string()),
});

/** Where the file that was at `path` is kept. */
export function keptPath({ configDir }: Site, path: string): string {
  return join(configDir, previousDirectory, encodeURIComponent(path));
}

/** From here on the change counts as begun. */
export async function writeJournal(site: Site, journal: Journal): Promise<void> {
  await writeFileAtomic(journalPath(site), JSON.stringify(journal), { mode: 0o600 });
  await syncDirectory(site.configDir);
}

/**
 * The journal of a change that was begun and is neither confirmed nor taken back; undefined where there is none. One that is
 * damaged, or names what is not the agent's, is none: nothing can be taken back by it.
 */
export async function readJournal(site: Site): Promise<Journal | undefined> {
  const text = await readRegular(journalPath(site));
  return text === undefined ? undefined : parseJournal(text, site);
}

function parseJournal(text: string, { mode }: Site): Journal | undefined {
  try {
    const journal = schema.parse(JSON.parse(text));
    const originals = journal.originals.map((path) => path.replace(/\.orig(\.\d+)?$/, ''));
    const paths = [...journal.files.map(({ path }) => path), ...originals];
    return paths.every((path) => isAgentPath(path, mode)) ? journal : undefined;
  } catch {
    return undefined;
  }
}

/** The change is over, one way or the other; what it had replaced is of no more use. */
export async function closeJournal(site: Site): Promise<void> {
  const directory = join(site.configDir, previousDirectory);
  if ((await readRegular(journalPath(site))) !== undefined) {
    await unlink(journalPath(site));
    await syncDirectory(directory);
  }
  await rm(directory, { recursive: true, force: true });
}

function journalPath({ configDir }: Site): string {
  return join(configDir, previousDirectory, 'journal.json');
}
