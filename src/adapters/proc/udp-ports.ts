import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SocketOwner, socketOwners } from '../../platform/socket-owners.js';
import type { UdpPorts } from '../../shell/ports/host.js';

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

/** A UDP socket that takes packets from anybody. */
export interface UdpSocket {
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

// TCP_CLOSE, which is what UDP calls a socket without a peer. One with a peer (01) is a client's, on a port for the moment.
const unconnected = '07';

/**
 * Reads /proc/net/udp or udp6: a head, then a line per socket: slot, local address and port in hexadecimal, remote address,
 * state, queues, timer, retransmits, uid, timeout, inode (Linux, Documentation/networking/proc_net_tcp.rst, of the same form).
 */
export function parseUdpSockets(text: string): UdpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
      const port = Number.parseInt(local?.split(':')[1] ?? '', 16);
      if (state !== unconnected || !(port > 0) || inode === undefined) return [];
      return [{ port, uid: Number(uid), inode }];
    });
}
