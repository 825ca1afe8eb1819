import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Run, run } from '../../src/platform/exec.js';
import { downloadPackages } from './debian-archive.js';
import type { Release } from './releases.js';
import { type Program, unpack } from './unpack.js';

/** A daemon that Debian has, in a directory of its own: the programs below it run from there. */
export interface DaemonRelease extends Pick<Release, 'name' | 'suite' | 'package' | 'directory'> {
  /** They come into `directory`/bin; the first one tells its version. */
  readonly programs: readonly Program[];
  /** The option with which the first one does so; `--version` where it is not named. */
  readonly versionOption?: string;
}

/** Makes sure that a BIRD is in the cache. Throws where it cannot be had. */
export function fetchRelease(release: Release): Promise<void> {
  const programs = ['bird', 'birdc'].map((name) => ({ name, path: `usr/sbin/${name}` }));
  return fetchDaemon({ ...release, programs });
}

/**
 * Makes sure that the release is in the cache, where its directory is only ever complete: it is built aside and takes
 * its name when its program has run once. Throws where Debian's archive, or this machine's way to it, does not have it.
 */
export async function fetchDaemon(release: DaemonRelease): Promise<void> {
  if (await exists(release.directory)) return;
  const cache = dirname(release.directory);
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, '.new-'));
  try {
    await build(run, release, aside);
    await rename(join(aside, 'tree'), release.directory).catch(async (error: unknown) => {
      // Somebody else was faster.
      if (!(await exists(release.directory))) throw error;
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${release.name} is not to be had, and is not skipped: ${why}`, { cause });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function build(run: Run, release: DaemonRelease, aside: string): Promise<void> {
  const directory = join(aside, 'apt');
  const tree = join(aside, 'tree');
  await downloadPackages(run, { suite: release.suite, names: [release.package], directory });
  await mkdir(tree);
  await unpack(run, join(directory, 'archives'), tree, release.programs);
  await run(join(tree, 'bin', release.programs[0]?.name ?? ''), [release.versionOption ?? '--version']);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
