import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBirdText } from '../../adapters/bird/bird-text.js';
import { findMissingInclude } from '../../adapters/bird/change/include.js';
import { fileOwner } from '../../core/desired/owned.js';
import { mainFile } from '../../core/model/names.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { birdPlaces, type Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';
import { asRoot, isForbidden } from '../forbidden.js';

export interface BirdDirectory {
  readonly configDir: string;
  /** Files that are not the agent's, with the days since they changed; relative to the directory. */
  readonly foreign: readonly { readonly name: string; readonly days: number }[];
  /** What BIRD says to its `bird.conf`; undefined where it takes it. */
  readonly refusal: string | undefined;
  readonly hasMain: boolean;
  /** What the operator's `bird.conf` lacks. */
  readonly missingInclude: string | undefined;
}

/** A table of ROAs that a cron job or another agent keeps; one that nobody renews says wrong things. */
const staleAfterDays = 7;

export function judgeBirdDirectory({
  configDir,
  foreign,
  refusal,
  hasMain,
  missingInclude,
}: BirdDirectory): Finding[] {
  const stale = foreign.filter(({ name, days }) => /roa/i.test(name) && days > staleAfterDays);
  const sessions = foreign.filter(({ name }) => /^(?:peers|ibgp\.d)\//.test(name));
  return [
    !hasMain
      ? warning(
          `there is no ${configDir}/bird.conf; the agent makes it in full mode`,
          'systemctl start moenet-agent && systemctl restart bird',
        )
      : refusal === undefined
        ? ok(`BIRD takes ${configDir}/bird.conf`)
        : fault(`BIRD refuses ${configDir}/bird.conf: ${refusal}`, `bird -p -c ${configDir}/bird.conf`),
    ...(missingInclude === undefined
      ? []
      : [
          fault(
            missingInclude,
            `echo 'include "${mainFile('include')}";' >> ${configDir}/bird.conf && birdc configure`,
          ),
        ]),
    ...stale.map(({ name, days }) =>
      warning(
        `${configDir}/${name} was changed ${Math.floor(days)} days ago: old ROAs refuse good routes; the agent gets its ROAs from RPKI caches`,
        `grep -rn '${name}' ${configDir}`,
      ),
    ),
    ...(sessions.length === 0
      ? []
      : [
          warning(
            `${sessions.map(({ name }) => name).join(', ')} in ${configDir} ${sessions.length === 1 ? 'is' : 'are'} not the agent's: a previous agent may have left ${sessions.length === 1 ? 'it' : 'them'}`,
            'moenet-agent adopt',
          ),
        ]),
  ];
}

export const birdConfigurationCheck: Check = {
  name: 'BIRD',
  limitMs: 30_000,
  look: async (patient, signal) => {
    const { configDir } = birdPlaces(patient);
    const main = join(configDir, 'bird.conf');
    if (await isForbidden(main)) return [warning(`this user may not read ${main}`, asRoot)];
    const hasMain = await stat(main).then(
      () => true,
      () => false,
    );
    const directory = await stat(configDir).catch(() => undefined);
    if (!directory)
      return [warning(`there is no ${configDir}, so there is nothing to check`, `install -d ${configDir}`)];
    const { uid, gid } = directory;
    const mode = patient.node?.bird.mode ?? 'full';
    return judgeBirdDirectory({
      configDir,
      foreign: await foreignFiles(configDir),
      hasMain,
      refusal: hasMain ? await refusalOf(main, patient.run, signal) : undefined,
      missingInclude: hasMain ? (await findMissingInclude({ configDir, mode, uid, gid }))?.reason : undefined,
    });
  },
};

async function refusalOf(main: string, run: Run, signal: AbortSignal): Promise<string | undefined> {
  try {
    await run('bird', ['-p', '-c', main], { signal, timeoutMs: 25_000 });
    return undefined;
  } catch (error) {
    if (!(error instanceof ProgramError) || error.missing) throw error;
    return (
      error.stderr
        .split('\n')
        .at(-1)
        ?.replace(/^bird: /, '') || error.message
    );
  }
}

async function foreignFiles(configDir: string): Promise<BirdDirectory['foreign']> {
  const folders = ['', 'peers', 'ibgp.d'];
  const names = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(configDir, folder), { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isFile() && entry.name.endsWith('.conf'))
        .map(({ name }) => join(folder, name));
    }),
  );
  const found = await Promise.all(
    names.flat().map(async (name) => {
      const path = join(configDir, name);
      const text = await readBirdText(path).catch(() => undefined);
      if (text === undefined || fileOwner(text)) return undefined;
      const { mtimeMs } = await stat(path);
      return { name, days: (Date.now() - mtimeMs) / 86_400_000 };
    }),
  );
  return found.flatMap((file) => file ?? []);
}
