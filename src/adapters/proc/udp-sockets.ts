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
