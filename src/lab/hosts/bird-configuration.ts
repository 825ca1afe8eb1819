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

/** The files that are not in both with the same bytes. */
export function differingFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

/** The files without the latency tiers, which the agent measures: on a busy machine they change whatever else happens. */
export function withoutTiers(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...files].map(([path, text]) => [path, text.replaceAll(/MOENET_TIER_\w+/g, 'MOENET_TIER')]),
  );
}

/**
 * When the configuration that BIRD runs was loaded, in Unix milliseconds; with an undo, the former time is back. BIRD works
 * it out anew from two clocks for every answer: it may be a millisecond or two off. NaN where BIRD does not say.
 */
export async function loadedAtMs(node: NodeHost): Promise<number> {
  const reply = await node.askBird('show status');
  const [, date, time] = /Last reconfiguration on (\S+) (\S+)/.exec(reply) ?? [];
  return Date.parse(`${date}T${time}`);
}
