import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { temporaryFor } from '../../../src/platform/atomic-file.js';
import { type BirdRow, birdProtocols, type FaultyNode } from './faulty-node.js';

/** What must stay: the node's links, addresses, tunnels, files and protocols, without what counts up by itself. */
export interface Picture {
  readonly links: unknown;
  readonly wireguard: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly protocols: readonly BirdRow[] | undefined;
}

export async function pictureOf(node: FaultyNode): Promise<Picture> {
  const { namespace } = node;
  return {
    links: JSON.parse((await namespace.run('ip', ['-j', 'addr'])).stdout),
    wireguard: withoutCounters((await namespace.run('wg', ['show', 'all', 'dump'])).stdout),
    files: { ...(await filesIn(node, 'bird')), ...(await filesIn(node, 'keys')) },
    protocols: await birdProtocols(namespace),
  };
}

/** A line of a peer is: interface, keys, endpoint, allowed IPs, latest handshake, received, sent, keepalive (wg(8)). */
function withoutCounters(dump: string): string[] {
  const lines = dump.split('\n').map((line) => line.split('\t'));
  return lines
    .map((fields) => (fields.length === 9 ? [...fields.slice(0, 5), fields[8]] : fields).join(' '))
    .filter(Boolean)
    .sort();
}

/** As the node itself sees them: it may have mounts of its own. */
async function filesIn(node: FaultyNode, directory: string): Promise<Record<string, string>> {
  const root = `/proc/${node.namespace.pid}/root${node.directory}`;
  for (let tries = 1; ; tries += 1) {
    try {
      return await readFiles(root, directory);
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isGone || tries === 10) throw error;
    }
  }
}

async function readFiles(root: string, directory: string): Promise<Record<string, string>> {
  const entries = await readdir(`${root}/${directory}`, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !isPassing(entry))
    .map((entry) => `${entry.parentPath}/${entry.name}`);
  const read = files.map(async (file) => [file.slice(root.length), await readFile(file, 'utf8')]);
  return Object.fromEntries(await Promise.all(read));
}

/** What the agent has there only while it makes a change, such as where a neighbor is measured to have moved away. */
function isPassing({ name, parentPath }: Dirent): boolean {
  return parentPath.includes('/.moenet-agent.') || temporaryFor(name) !== undefined;
}
