import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { UdpPorts } from '../../shell/ports.js';
import { parseUdpSockets, type UdpSocket } from './udp-sockets.js';

/**
 * The UDP ports of the host, from two files in /proc/net. Only for ports that are asked for and bound are the processes
 * looked through. `net` and `processes` are where the two lie.
 */
export function openUdpPorts({ net = '/proc/net', processes = '/proc' } = {}): UdpPorts {
  return {
    holders: async (ports) => {
      if (ports.length === 0) return new Map();
      const tables = await Promise.all(['udp', 'udp6'].map((name) => readOrEmpty(join(net, name))));
      const wanted = new Set(ports);
      const sockets = tables.flatMap(parseUdpSockets).filter(({ port }) => wanted.has(port));
      if (sockets.length === 0) return new Map();
      const owners = await ownersOf(new Set(sockets.map(({ inode }) => inode)), processes);
      return new Map(sockets.map((socket) => [socket.port, owners.get(socket.inode) ?? nameless(socket)]));
    },
  };
}

/** A socket of the kernel's own is in no process; nor are the files of others shown to whoever may not trace them. */
function nameless({ uid }: UdpSocket): string {
  return `another program (of user ${uid})`;
}

/** Inode of a socket → `dnsmasq (pid 412)`, for the processes that let themselves be looked at. */
async function ownersOf(
  inodes: ReadonlySet<string>,
  processes: string,
): Promise<ReadonlyMap<string, string>> {
  const owners = new Map<string, string>();
  const pids = (await readdir(processes).catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  for (const pid of pids.sort((a, b) => Number(a) - Number(b))) {
    if (owners.size === inodes.size) break;
    for (const inode of await socketsOf(join(processes, pid, 'fd'))) {
      if (!inodes.has(inode) || owners.has(inode)) continue;
      const name = (await readOrEmpty(join(processes, pid, 'comm'))).trim();
      owners.set(inode, `${printable(name)} (pid ${pid})`);
    }
  }
  return owners;
}

async function socketsOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch(() => []);
  const links = await Promise.all(entries.map((entry) => readlink(join(directory, entry)).catch(() => '')));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** Any process names itself as it likes. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?') || 'a program without a name';
}

/** Without IPv6, there is no udp6; a process may end while it is looked at. */
function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
