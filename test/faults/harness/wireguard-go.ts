import { readdir, readFile, readlink } from 'node:fs/promises';
import type { FaultyNode } from './faulty-node.js';

/** The process behind one of the node's tunnels; the node's namespace tells it from those of other tests. */
export async function wireguardGoOf({ namespace }: FaultyNode, tunnel: string): Promise<number> {
  const net = await readlink(`/proc/${namespace.pid}/ns/net`);
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const inside = (await readlink(`/proc/${pid}/ns/net`).catch(() => '')) === net;
    if (inside && words.startsWith('wireguard-go\0') && words.includes(`\0${tunnel}\0`)) return Number(pid);
  }
  throw new Error(`no wireguard-go has ${tunnel}`);
}
