import { readdir, readFile, realpath, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { birdDirectories, daemonFile, mainFile } from '../../core/model/names.js';
import type { BirdDirectory, BirdRemoval } from '../../core/plan/teardown.js';
import { unlessAbsent } from '../../platform/regular-file.js';
import type { BirdRemains } from '../../shell/ports/bird-remains.js';
import { readBirdBytes } from './bird-text.js';
import { type OperatorFile, siteOf } from './change/candidate.js';
import { type ChangeOptions, commit } from './change/commit.js';
import { leastConfiguration, withoutInclude } from './change/include.js';
import { isAgentPath } from './paths.js';
import { readFiles } from './read-files.js';

type RemainsOptions = Omit<ChangeOptions, 'mode' | 'mayLackProgram'>;

/** The directory `configDir` of BIRD, whatever mode the agent worked in. */
export function openBirdRemains(options: RemainsOptions): BirdRemains {
  const { configDir } = options;
  return {
    directory: configDir,
    read: async () => ({
      files: new Map([...(await readFiles(configDir, 'include')), ...(await readFiles(configDir, 'full'))]),
      copies: await listCopies(configDir),
      included: await includedFile(configDir),
    }),
    remove: async (removal, signal) => {
      const giveBack = await givenBack(configDir, removal);
      const change = { write: [], remove: removal.remove, giveBack };
      const done = await commit({ ...options, mode: 'either', mayLackProgram: true }, change, signal);
      if (done.kind === 'loaded' || done.kind === 'written-not-loaded') await removeEmpty(configDir);
      return done;
    },
  };
}

async function listCopies(configDir: string): Promise<string[]> {
  const found = ['', ...birdDirectories].map(async (directory) => {
    const names = (await unlessAbsent(readdir(join(configDir, directory)))) ?? [];
    return names.map((name) => join(directory, name)).filter(isCopy);
  });
  return (await Promise.all(found)).flat().sort();
}

function isCopy(path: string): boolean {
  const of = /^(.+)\.(?:orig|edited)(?:\.\d+)?$/.exec(path)?.[1];
  return of !== undefined && isAgentPath(of, 'either');
}

async function includedFile(configDir: string): Promise<BirdDirectory['included']> {
  const name = mainFile('include');
  const text = await readBirdBytes(join(configDir, daemonFile), 'follow');
  return text !== undefined && withoutInclude(text, configDir, name) !== text ? name : undefined;
}

async function givenBack(configDir: string, { giveBack, include }: BirdRemoval): Promise<OperatorFile[]> {
  const files = giveBack.map(({ path, from }) =>
    from === undefined ? leastFile(configDir, path) : operatorFile(configDir, path, from),
  );
  if (include !== undefined) files.push(withoutLine(configDir, include));
  return Promise.all(files);
}

async function operatorFile(configDir: string, path: string, from: string): Promise<OperatorFile> {
  const text = await readBirdBytes(join(configDir, from));
  if (text === undefined) throw new Error(`${join(configDir, from)} is not a file that the agent can read`);
  const { mode, uid, gid } = await stat(join(configDir, from));
  return { path, text, mode: mode & 0o777, uid, gid };
}

async function leastFile(configDir: string, path: string): Promise<OperatorFile> {
  const { uid, gid } = await siteOf({ configDir, mode: 'either' });
  return { path, text: leastConfiguration, mode: 0o640, uid, gid };
}

async function withoutLine(configDir: string, name: string): Promise<OperatorFile> {
  const path = join(configDir, daemonFile);
  const real = await realpath(path);
  if (real !== join(await realpath(configDir), daemonFile))
    throw new Error(
      `${path} is a link to ${real}, which the agent does not change: remove the line include "${name}"; from it, and run this command again`,
    );
  const file = await operatorFile(configDir, daemonFile, daemonFile);
  return { ...file, text: withoutInclude(file.text, configDir, name) };
}

/** BIRD refuses an `include "peers/*.conf"` whose directory is missing, so one that a file names stays. */
async function removeEmpty(configDir: string): Promise<void> {
  const names = (await readdir(configDir, { withFileTypes: true })).filter((entry) => !entry.isDirectory());
  const texts = await Promise.all(
    names.map(({ name }) => readFile(join(configDir, name), 'latin1').catch(() => '')),
  );
  for (const directory of birdDirectories)
    if (!texts.some((text) => text.includes(`${directory}/`)))
      await rmdir(join(configDir, directory)).catch(() => undefined);
}
