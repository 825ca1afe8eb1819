import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NodeHost, nodePaths } from './node-host.js';

/** Path → text of all that BIRD would read if it were started now. */
export async function birdFiles({ root }: Pick<NodeHost, 'root'>): Promise<ReadonlyMap<string, string>> {
  const files = await filesBelow(root + nodePaths.birdDirectory, '.');
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What begins with a dot is no configuration: the agent's stage and what it keeps, which come and go. */
async function filesBelow(root: string, directory: string): Promise<(readonly [string, string])[]> {
  const entries = await readdir(join(root, directory), { withFileTypes: true });
  const found = entries
    .filter(({ name }) => !name.startsWith('.'))
    .map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return filesBelow(root, path);
      // One that has gone since is not there.
      const text = path.endsWith('.conf') && (await readFile(join(root, path), 'utf8').catch(() => false));
      return typeof text === 'string' ? [[path, text] as const] : [];
    });
  return (await Promise.all(found)).flat();
}

/** The files, or constants, that are not the same in both. */
export function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** The files without the latency tiers, which the agent measures: on a busy machine they change whatever else happens. */
export function withoutTiers(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...files].map(([path, text]) => [path, text.replaceAll(/MOENET_TIER_\w+/g, 'MOENET_TIER')]),
  );
}

/** What a BIRD runs, and what it would read if it were started again. */
export interface BirdConfiguration {
  readonly isBird3: boolean;
  /**
   * When BIRD loaded what it runs, in Unix milliseconds. After an undo, BIRD 2 has the former time again, and BIRD 3 the time
   * of the undo. BIRD works it out anew from two clocks for every answer: it may be a millisecond or two off. NaN where BIRD
   * does not say.
   */
  readonly loadedAtMs: number;
  /**
   * The constants that the files define, with the values that BIRD gives them: it looks them up in the configuration that
   * it has loaded, whatever the files say since.
   */
  readonly constants: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
}

/** Asks a node's BIRD what it runs, and reads its files. */
export async function birdConfiguration(
  node: Pick<NodeHost, 'root' | 'askBird'>,
): Promise<BirdConfiguration> {
  const status = await node.askBird('show status');
  const [, date, time] = /Last reconfiguration on (\S+) (\S+)/.exec(status) ?? [];
  const files = await birdFiles(node);
  return {
    isBird3: /^1000-BIRD 3\./m.test(status),
    loadedAtMs: Date.parse(`${date}T${time}`),
    constants: await valuesOf(node, constantsIn(files)),
    files,
  };
}

function constantsIn(files: ReadonlyMap<string, string>): string[] {
  const definitions = [...files.values()].flatMap((text) => [...text.matchAll(/^define (\w+)/gm)]);
  return definitions.map(([, name = '']) => name).sort();
}

/** One after the other: BIRD lets few callers wait. */
async function valuesOf(
  { askBird }: Pick<NodeHost, 'askBird'>,
  constants: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of constants)
    values.set(name, (await askBird(`eval ${name}`)).trim().replace(/^0023 /, ''));
  return values;
}
