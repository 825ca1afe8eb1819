import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SocketOwner, socketOwners } from '../../platform/socket-owners.js';
import type { UdpPorts } from '../../shell/ports/host.js';
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
      const owners = await socketOwners(new Set(sockets.map(({ inode }) => inode)), processes);
      return new Map(sockets.map((socket) => [socket.port, describe(owners.get(socket.inode), socket)]));
    },
  };
}

/** A socket of the kernel's own is in no process; nor are the files of others shown to whoever may not trace them. */
function describe(owner: SocketOwner | undefined, { uid }: UdpSocket): string {
  return owner ? `${owner.name} (pid ${owner.pid})` : `another program (of user ${uid})`;
}

/** Without IPv6, there is no udp6. */
function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
