import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NodeHost, nodePaths } from './node-host.js';

/** Path → text of all that BIRD would read if it were started now. */
export async function birdFiles({ root }: NodeHost): Promise<ReadonlyMap<string, string>> {
  const directory = root + nodePaths.birdDirectory;
  const entries = await readdir(directory, { recursive: true });
  const paths = entries.filter((path) => path.endsWith('.conf')).sort();
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(directory, path), 'utf8')] as const),
    ),
  );
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
