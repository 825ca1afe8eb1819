import { rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { birdDirectories } from '../../../core/model/names.js';
import { syncDirectory, writeFileAtomic } from '../../../platform/atomic-file.js';
import { readRegular } from '../../../platform/regular-file.js';
import { isAgentPath, previousDirectory } from '../paths.js';
import type { Site } from './candidate.js';

/**
 * Lists what a change of BIRD's files replaces; written before the first of them changes and kept until the change is
 * confirmed, so that the next agent can undo the change of a killed one.
 */
export interface Journal {
  /** `existed`: the previous file is in `previousDirectory`. */
  readonly files: readonly { readonly path: string; readonly existed: boolean }[];
  /** Directories that the change makes. */
  readonly directories: readonly string[];
  /** Copies of an operator's texts, such as `bird.conf.orig`, that it makes. */
  readonly originals: readonly string[];
}

const schema = z.object({
  files: z.array(z.object({ path: z.string(), existed: z.boolean() })),
  directories: z.array(z.enum(birdDirectories)),
  originals: z.array(z.string()),
});

/** The place of the previous file of `path`. */
export function keptPath({ configDir }: Site, path: string): string {
  return join(configDir, previousDirectory, encodeURIComponent(path));
}

/** From here on the change counts as begun. */
export async function writeJournal(site: Site, journal: Journal): Promise<void> {
  await writeFileAtomic(journalPath(site), JSON.stringify(journal), { mode: 0o600 });
  await syncDirectory(site.configDir);
}

/**
 * The journal of a change that was begun and neither confirmed nor undone; undefined where there is none. A journal that is
 * damaged, or names files that are not the agent's, counts as none: it cannot undo anything.
 */
export async function readJournal(site: Site): Promise<Journal | undefined> {
  const text = await readRegular(journalPath(site));
  return text === undefined ? undefined : parseJournal(text);
}

function parseJournal(text: string): Journal | undefined {
  try {
    const journal = schema.parse(JSON.parse(text));
    const originals = journal.originals.map((path) => path.replace(/\.(orig|edited)(\.\d+)?$/, ''));
    const paths = [...journal.files.map(({ path }) => path), ...originals];
    return paths.every((path) => isAgentPath(path, 'either')) ? journal : undefined;
  } catch {
    return undefined;
  }
}

/** The change is over, confirmed or undone; the previous files are not needed any more. */
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
