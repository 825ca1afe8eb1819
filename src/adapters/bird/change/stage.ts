import { chmod, readdir, readlink, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { birdDirectories, daemonFile } from '../../../core/model/names.js';
import { readBirdBytes } from '../bird-text.js';
import { stagedDirectory } from '../paths.js';
import type { FileChange, OperatorFile, Site } from './candidate.js';
import { makeDirectory, setOwner } from './directory.js';
import { findMissingInclude, type MissingInclude, redirectIncludes } from './include.js';
import { refuseLongStrings } from './refuse.js';

/** The whole configuration directory as the change would make it. */
export interface Staged {
  readonly directory: string;
  /** The file to give to BIRD. */
  readonly main: string;
  /** Where the operator's `bird.conf` does not include the agent's file: the staged one does. */
  readonly missing: MissingInclude | undefined;
  remove(): Promise<void>;
}

interface Mirror extends Site {
  readonly staged: string;
  /** The names under which files include each other by absolute path. */
  readonly names: readonly string[];
  /** Paths that the change writes or removes. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Builds the candidate beside the running configuration: the changed files, and the others unchanged, so that includes
 * work. Touches nothing of the running configuration. Throws `CandidateRefused`.
 */
export async function stage(site: Site, change: FileChange): Promise<Staged> {
  const staged = join(site.configDir, stagedDirectory);
  const remove = () => rm(staged, { recursive: true, force: true });
  const names = [site.configDir, await realpath(site.configDir)];
  const changed = new Set(
    [...change.write, ...(change.giveBack ?? [])].map(({ path }) => path).concat(change.remove),
  );
  const missing = await findMissingInclude(site);
  const mirror: Mirror = { ...site, staged, names, changed };
  await remove();
  try {
    await mirrorDirectory(mirror, '.');
    for (const directory of birdDirectories) await makeDirectory(join(staged, directory), site);
    for (const file of change.write) await stageNew(mirror, file.path, file.content);
    for (const file of change.giveBack ?? []) await stageGivenBack(mirror, file);
    if (missing) await stageCompleted(mirror, missing);
  } catch (error) {
    await remove();
    throw error;
  }
  return { directory: staged, main: join(staged, daemonFile), missing, remove };
}

/** BIRD checks the files with the include line that the operator still has to add. */
async function stageCompleted(mirror: Mirror, { completed }: MissingInclude): Promise<void> {
  const target = join(mirror.staged, daemonFile);
  await rm(target, { force: true });
  const text = Buffer.from(redirectIncludes(completed, mirror.names, mirror.staged), 'latin1');
  await stageText(target, text, { mode: 0o640, uid: process.getuid?.() ?? mirror.uid, gid: mirror.gid });
}

async function mirrorDirectory(mirror: Mirror, directory: string): Promise<void> {
  await makeDirectory(join(mirror.staged, directory), mirror);
  const entries = await readdir(join(mirror.configDir, directory), { withFileTypes: true });
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (mirror.changed.has(path)) continue;
    if (entry.isSymbolicLink()) await mirrorLink(mirror, path);
    // A name with a dot is no configuration: version control, and the stage itself.
    else if (entry.isDirectory() && !entry.name.startsWith('.')) await mirrorDirectory(mirror, path);
    else if (entry.isFile()) await mirrorFile(mirror, path);
  }
}

async function mirrorLink(mirror: Mirror, path: string): Promise<void> {
  const source = join(mirror.configDir, path);
  await symlink(resolve(dirname(source), await readlink(source)), join(mirror.staged, path));
}

/** A link to the file itself, or a copy where the file's own includes must point into the stage. */
async function mirrorFile(mirror: Mirror, path: string): Promise<void> {
  const source = join(mirror.configDir, path);
  const target = join(mirror.staged, path);
  const text = (await readBirdBytes(source)) ?? '';
  refuseLongStrings(path, text);
  const redirected = redirectIncludes(text, mirror.names, mirror.staged);
  if (redirected === text) return symlink(source, target);
  const { mode, uid, gid } = await stat(source);
  await stageText(target, Buffer.from(redirected, 'latin1'), { mode: mode & 0o777, uid, gid });
}

async function stageNew(mirror: Mirror, path: string, content: string): Promise<void> {
  const target = join(mirror.staged, path);
  await makeDirectory(dirname(target), mirror);
  const { uid, gid } = { uid: process.getuid?.() ?? mirror.uid, gid: mirror.gid };
  await stageText(target, redirectIncludes(content, mirror.names, mirror.staged), { mode: 0o640, uid, gid });
}

async function stageGivenBack(mirror: Mirror, { path, text, ...owner }: OperatorFile): Promise<void> {
  refuseLongStrings(path, text);
  const redirected = redirectIncludes(text, mirror.names, mirror.staged);
  await stageText(join(mirror.staged, path), Buffer.from(redirected, 'latin1'), owner);
}

/** Nobody else can read it until owner and mode are right. */
async function stageText(
  path: string,
  text: string | Uint8Array,
  { mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number },
): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  await setOwner(path, { uid, gid });
  await chmod(path, mode);
}
