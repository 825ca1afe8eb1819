import { lstat, mkdir, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isHandEdited } from '../../../core/desired/hand-edits.js';
import { fileOwner } from '../../../core/desired/owned.js';
import { birdDirectories, isNodeFile, mainFile } from '../../../core/model/names.js';
import {
  type AtomicFile,
  syncDirectory,
  temporaryFor,
  temporaryPath,
  writeFilesAtomic,
} from '../../../platform/atomic-file.js';
import { unlessAbsent } from '../../../platform/regular-file.js';
import { readBirdBytes, readBirdText } from '../bird-text.js';
import { isAgentPath, previousDirectory } from '../paths.js';
import type { FileChange, OperatorFile, Site } from './candidate.js';
import { makeDirectory } from './directory.js';
import { closeJournal, type Journal, keptPath, readJournal, writeJournal } from './journal.js';
import { keepAs, keepBeside } from './keep.js';

/** A change of BIRD's files that is noted in the journal. */
export interface Swap {
  /** Puts the change in place file by file, each by one rename. */
  perform(): Promise<void>;
  /** Restores the previous files, whether the change was in place or not. */
  takeBack(): Promise<void>;
  /** The change is confirmed or undone: forgets the previous files. */
  close(): Promise<void>;
}

/**
 * Writes the journal of a change: from here on the next run knows that the change was begun, and undoes it unless this run
 * closes it. Keeps the replaced files until then; an operator's file also stays beside it as `NAME.orig`, and a file of
 * the agent that somebody edited as `NAME.edited`.
 */
export async function prepareSwap(site: Site, change: FileChange): Promise<Swap> {
  const journal = await prepare(site, change);
  return {
    perform: async () => {
      for (const directory of journal.directories) await make(site, directory);
      const files = [
        ...inOrder(change).map((file) => ownFile(site, file)),
        ...(change.giveBack ?? []).map((file) => operatorsFile(site, file)),
      ];
      const touchedPaths = new Set(journal.files.map(({ path }) => join(site.configDir, path)));
      await writeFilesAtomic(files.filter(({ path }) => touchedPaths.has(path)));
      for (const path of change.remove) if (isTouched(journal, path)) await remove(site, path);
    },
    takeBack: () => takeBack(site, journal),
    close: () => closeJournal(site),
  };
}

/**
 * Restores everything in the journal, also where a restore was begun before; continues after failures, to restore as much as
 * possible. The journal stays.
 */
export async function takeBack(site: Site, { files, directories, originals }: Journal): Promise<void> {
  const { configDir } = site;
  const steps = [
    ...files.toReversed().map((file) => () => restore(site, file)),
    ...originals.map((path) => () => rm(join(configDir, path), { force: true })),
    ...directories.toReversed().map((path) => () => removeEmpty(join(configDir, path))),
  ];
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, "the agent could not restore all of BIRD's files");
}

/** Keeps the files that the change replaces, and writes the journal. */
async function prepare(site: Site, change: FileChange): Promise<Journal> {
  if (await readJournal(site))
    throw new Error("the agent must first undo an earlier change of BIRD's files, which was not confirmed");
  const originals: string[] = [];
  try {
    await sweep(site);
    await mkdir(join(site.configDir, previousDirectory), { mode: 0o700 });
    const files = [];
    for (const path of await touched(site, change)) {
      const existed = (await unlessAbsent(lstat(join(site.configDir, path)))) !== undefined;
      const isOperators = change.giveBack?.some((file) => file.path === path) ?? false;
      if (existed) originals.push(...(await keep(site, path, isOperators)));
      files.push({ path, existed });
    }
    const journal = { files, directories: await missingDirectories(site), originals };
    await writeJournal(site, journal);
    return journal;
  } catch (error) {
    for (const path of originals) await rm(join(site.configDir, path), { force: true });
    await closeJournal(site);
    throw error;
  }
}

/** The files that the change really changes, in order; an undo goes the other way. */
async function touched(site: Site, change: FileChange): Promise<string[]> {
  const paths: string[] = [];
  for (const { path, content } of inOrder(change))
    if ((await readBirdText(join(site.configDir, path))) !== content) paths.push(path);
  for (const { path, text } of change.giveBack ?? [])
    if ((await readBirdBytes(join(site.configDir, path))) !== text) paths.push(path);
  for (const path of change.remove)
    if ((await unlessAbsent(lstat(join(site.configDir, path)))) !== undefined) paths.push(path);
  return paths;
}

function isTouched({ files }: Journal, path: string): boolean {
  return files.some((file) => file.path === path);
}

/** Returns the copy that was made of an operator's text. */
async function keep(site: Site, path: string, isOperators: boolean): Promise<string[]> {
  const target = join(site.configDir, path);
  const present = await readBirdText(target);
  const suffix = suffixFor(present, isOperators);
  const copy = suffix === undefined ? undefined : await keepBeside(target, suffix);
  await keepAs(target, keptPath(site, path));
  return copy === undefined ? [] : [relative(site.configDir, copy)];
}

/** Undefined for a file as the agent made it: nobody misses it. */
function suffixFor(text: string | undefined, isOperators: boolean): 'orig' | 'edited' | undefined {
  // What the operator gets back replaces no other text of the operator's.
  if (text === undefined || !fileOwner(text)) return isOperators ? undefined : 'orig';
  return isHandEdited(text) ? 'edited' : undefined;
}

async function missingDirectories({ configDir }: Site): Promise<Journal['directories']> {
  const found = await Promise.all(birdDirectories.map((name) => unlessAbsent(lstat(join(configDir, name)))));
  return birdDirectories.filter((_, index) => found[index] === undefined);
}

/** Removes what a killed agent left: the kept files of a change that had not begun, and temporary files under the agent's names. */
async function sweep(site: Site): Promise<void> {
  await closeJournal(site);
  for (const directory of ['', ...birdDirectories]) {
    const names = (await unlessAbsent(readdir(join(site.configDir, directory)))) ?? [];
    for (const name of names) {
      const of = temporaryFor(name);
      if (of !== undefined && isOurs(join(directory, of), site))
        await rm(join(site.configDir, directory, name), { recursive: true });
    }
  }
}

function isOurs(path: string, { mode }: Site): boolean {
  return isAgentPath(path, mode) || birdDirectories.some((directory) => directory === path);
}

/**
 * They exist also while empty: BIRD refuses a wildcard include whose directory is missing. Each gets its name only when BIRD
 * can read it, because an existing one stays as it is, even one that a killed agent left half made.
 */
async function make(site: Site, directory: string): Promise<void> {
  const path = join(site.configDir, directory);
  const temporary = temporaryPath(path);
  try {
    await makeDirectory(temporary, site);
    await rename(temporary, path);
    await syncDirectory(site.configDir);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

const mains = [mainFile('full'), mainFile('include')];

/** Files that others use come first: filters, the main file, protocols. */
function inOrder(change: FileChange): FileChange['write'] {
  const rank = (path: string) => (isNodeFile(path) ? 0 : mains.includes(path) ? 1 : 2);
  return change.write.toSorted((a, b) => rank(a.path) - rank(b.path));
}

function ownFile(site: Site, { path, content }: FileChange['write'][number]): AtomicFile {
  return { path: join(site.configDir, path), text: content, mode: 0o640, gid: site.gid };
}

function operatorsFile(site: Site, { path, text, ...owner }: OperatorFile): AtomicFile {
  return { path: join(site.configDir, path), text: Buffer.from(text, 'latin1'), ...owner };
}

async function remove(site: Site, path: string): Promise<void> {
  const target = join(site.configDir, path);
  await unlink(target);
  await syncDirectory(dirname(target));
}

/** A kept file that is missing was restored before. */
async function restore(site: Site, { path, existed }: Journal['files'][number]): Promise<void> {
  const target = join(site.configDir, path);
  await (existed ? unlessAbsent(rename(keptPath(site, path), target)) : rm(target, { force: true }));
  await unlessAbsent(syncDirectory(dirname(target)));
}

/** Somebody else may have put a file there in between. */
async function removeEmpty(path: string): Promise<void> {
  try {
    await unlessAbsent(rmdir(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
