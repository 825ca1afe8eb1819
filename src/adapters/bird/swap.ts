import { lstat, mkdir, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileOwner } from '../../core/desired/holdings.js';
import { syncDirectory, temporaryFor, temporaryPath, writeFileAtomic } from '../../platform/atomic-file.js';
import type { FileChange, Site } from './candidate.js';
import { makeDirectory } from './directory.js';
import { keepAs, keepOriginal, type Undo } from './keep.js';
import { agentDirectories, isAgentPath, mainFile, previousDirectory } from './names.js';
import { readRegular, unlessAbsent } from './read-files.js';

/** A change that is on disk and can still be taken back. */
export interface Swap {
  putBack(): Promise<void>;
  /** Forgets what was there before. */
  keep(): Promise<void>;
}

/**
 * Puts the change in place file by file, each by one rename. What it replaces is kept until `keep`; an operator's file
 * is also kept beside, as `NAME.orig`. Throws after having put everything back.
 */
export async function swapIn(site: Site, change: FileChange): Promise<Swap> {
  const undo: Undo[] = [];
  const forget = () => rm(join(site.configDir, previousDirectory), { recursive: true, force: true });
  const putBack = async () => {
    await takeBack(undo);
    await forget();
  };
  try {
    await sweep(site, forget);
    await makeDirectories(site, undo);
    for (const { path, content } of inOrder(site, change)) await write(site, path, content, undo);
    for (const path of change.remove) await remove(site, path, undo);
  } catch (error) {
    await putBack();
    throw error;
  }
  return { putBack, keep: forget };
}

/** Latest step first, going on past failures, so that as much as possible is as it was. */
async function takeBack(undo: readonly Undo[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.toReversed()) await step().catch((error) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "BIRD's files could not all be put back");
}

/** Removes what a killed agent left: the kept files of its change, and temporary files under the agent's names. */
async function sweep(site: Site, forget: () => Promise<void>): Promise<void> {
  await forget();
  await mkdir(join(site.configDir, previousDirectory), { mode: 0o700 });
  for (const directory of ['', ...agentDirectories]) {
    const names = (await unlessAbsent(readdir(join(site.configDir, directory)))) ?? [];
    for (const name of names) {
      const of = temporaryFor(name);
      if (of !== undefined && isOurs(join(directory, of), site))
        await rm(join(site.configDir, directory, name), { recursive: true });
    }
  }
}

function isOurs(path: string, { mode }: Site): boolean {
  return isAgentPath(path, mode) || agentDirectories.some((directory) => directory === path);
}

/**
 * They are there also while empty: BIRD refuses an include with a wildcard whose directory is missing. Each gets its name
 * when BIRD can read it, for one that is there stays as it is, also where a killed agent left it half made.
 */
async function makeDirectories(site: Site, undo: Undo[]): Promise<void> {
  for (const directory of agentDirectories) {
    const path = join(site.configDir, directory);
    if ((await unlessAbsent(lstat(path))) !== undefined) continue;
    const temporary = temporaryPath(path);
    undo.push(() => rm(temporary, { recursive: true, force: true }));
    await makeDirectory(temporary, site);
    await rename(temporary, path);
    undo.push(() => rmdir(path));
  }
}

/** What others use comes before what uses it: filters, the main file, protocols. */
function inOrder(site: Site, change: FileChange): FileChange['write'] {
  const rank = (path: string) =>
    path.startsWith('moenet-agent/') ? 0 : path === mainFile(site.mode) ? 1 : 2;
  return change.write.toSorted((a, b) => rank(a.path) - rank(b.path));
}

async function write(site: Site, path: string, content: string, undo: Undo[]): Promise<void> {
  const target = join(site.configDir, path);
  const present = await readRegular(target);
  if (present === content) return;
  const exists = (await unlessAbsent(lstat(target))) !== undefined;
  if (exists) {
    if (present === undefined || !fileOwner(present)) await keepOriginal(target, undo);
    await keepPrevious(site, path, undo);
  } else undo.push(() => rm(target, { force: true }));
  await writeFileAtomic(target, content, { mode: 0o640, gid: site.gid });
}

async function remove(site: Site, path: string, undo: Undo[]): Promise<void> {
  const target = join(site.configDir, path);
  if ((await unlessAbsent(lstat(target))) === undefined) return;
  const present = await readRegular(target);
  if (present === undefined || !fileOwner(present)) await keepOriginal(target, undo);
  await keepPrevious(site, path, undo);
  await unlink(target);
  await syncDirectory(dirname(target));
}

async function keepPrevious(site: Site, path: string, undo: Undo[]): Promise<void> {
  const target = join(site.configDir, path);
  const kept = join(site.configDir, previousDirectory, encodeURIComponent(path));
  await keepAs(target, kept);
  undo.push(async () => {
    await rename(kept, target);
    await syncDirectory(dirname(target));
  });
}
