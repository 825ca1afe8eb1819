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

/** When the configuration that BIRD runs was loaded, in BIRD's words; with an undo, the former time is back. */
export async function loadedAt(node: NodeHost): Promise<string> {
  const reply = await node.askBird('show status');
  return /Last reconfiguration on (.+)/.exec(reply)?.[1] ?? '';
}
