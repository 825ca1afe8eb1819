import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { birdProtocols, type FaultyNode } from './faulty-node.js';
import { pictureOf } from './picture.js';

interface Link {
  readonly ifname: string;
  readonly ifindex: number;
  readonly ifalias?: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** All that a pass leads to, without what differs from one time it is made to the next: keys, numbers, times. */
export async function endState(node: FaultyNode): Promise<Record<string, unknown>> {
  const { wireguard, files } = await pictureOf(node);
  const [key = ''] = Object.entries(files).flatMap(([name, text]) =>
    /public/.test(name) ? [text.trim()] : [],
  );
  const privateKey = (files['/keys/private.key'] ?? '').trim();
  const nameless = (text: string) =>
    text.replaceAll(key || '-', 'PUBLIC').replaceAll(privateKey || '-', 'PRIVATE');
  const links = (await linksOf(node)).map(({ ifname, ifalias, mtu, flags, addr_info }) => ({
    ifname,
    ifalias,
    mtu,
    up: flags.includes('UP'),
    addresses: addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort(),
  }));
  return {
    links: links.sort((a, b) => (a.ifname < b.ifname ? -1 : 1)),
    wireguard: wireguard.map(nameless).sort(),
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, nameless(text)])),
    modes: await modesOf(node),
    protocols: (await birdProtocols(node.namespace))?.map(({ name }) => name).sort(),
    unconfirmed: await isUnconfirmed(node),
  };
}

/** What changes only where a tunnel was made again, or a protocol restarted: by name of the interface or protocol. */
export async function identities(
  node: FaultyNode,
  names: readonly string[],
): Promise<Record<string, unknown>> {
  const links = await linksOf(node);
  const daemons = await wireguardGos(node);
  const of = (name: string) => `${links.find((link) => link.ifname === name)?.ifindex} ${daemons.get(name)}`;
  const protocols = (await birdProtocols(node.namespace)) ?? [];
  const all = new Map<string, unknown>([
    ...links.map(({ ifname }) => [ifname, of(ifname)] as const),
    ...protocols.map(({ name, since }) => [name, since] as const),
  ]);
  return Object.fromEntries(names.map((name) => [name, all.get(name) ?? 'none']));
}

async function linksOf({ namespace }: FaultyNode): Promise<readonly Link[]> {
  return JSON.parse((await namespace.run('ip', ['-j', 'addr'])).stdout);
}

/** Only a confirmation tells: 0023 where one was waited for, else 0019. */
async function isUnconfirmed({ namespace }: FaultyNode): Promise<boolean> {
  const { stdout } = await namespace.run('birdc', ['-s', '/run/bird/bird.ctl', 'configure', 'confirm']);
  return !/nothing to do/i.test(stdout);
}

/** Every file and directory that the agent could leave behind, with its mode. */
async function modesOf(node: FaultyNode): Promise<readonly string[]> {
  const root = `/proc/${node.namespace.pid}/root/run/wireguard`;
  const places = ['bird', 'keys', 'state', 'run'].map((name) => [name, node.path(name)] as const);
  const all = [...places, ['sockets', root] as const].map(async ([name, directory]) => {
    const all = await readdir(directory, { recursive: true }).catch(() => []);
    // What is there of the history depends on when the agent ended.
    const entries = all.filter((entry) => name !== 'state' || !entry.startsWith('history'));
    const lines = entries.map(async (entry) => {
      const { mode } = await stat(join(directory, entry));
      return `${name}/${entry} ${(mode & 0o777).toString(8)}`;
    });
    return Promise.all(lines);
  });
  // Either generation of a state file serves.
  const lines = (await Promise.all(all)).flat().map((line) => line.replace(/\.json\.1 /, '.json '));
  return [...new Set(lines)].sort();
}

/** Interface → process number of the wireguard-go behind it. */
async function wireguardGos({ namespace }: FaultyNode): Promise<ReadonlyMap<string, string>> {
  const net = await readlink(`/proc/${namespace.pid}/ns/net`);
  const found = new Map<string, string>();
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const [program, name] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (program !== 'wireguard-go' || !name) continue;
    const inside = (await readlink(`/proc/${pid}/ns/net`).catch(() => '')) === net;
    if (inside) found.set(name, pid);
  }
  return found;
}
