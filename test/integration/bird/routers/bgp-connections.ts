import type { Namespace } from '../../../../src/lab/namespace.js';

/**
 * The established BGP connections of a host: the other end's address → both ports and the socket's inode. The inode is
 * the connection's own: whatever was reset, however fast it came back, has another one.
 */
export async function bgpConnections(host: Namespace): Promise<ReadonlyMap<string, string>> {
  const bgp = ['(', 'sport', '=', ':179', 'or', 'dport', '=', ':179', ')'];
  const { stdout } = await host.run('ss', ['-tneH', 'state', 'established', ...bgp]);
  return new Map(stdout.split('\n').filter(Boolean).map(readConnection));
}

// 0      0      [fe80::998]%wg_full:179    [fe80::1]:41234   ino:4711 sk:1 cgroup:...
const line = /^\d+\s+\d+\s+(\S+):(\d+)\s+(\S+):(\d+)\s.*\bino:(\d+)/;

function readConnection(text: string): [string, string] {
  const [, , ourPort, peer = '', theirPort, inode] = line.exec(text) ?? [];
  if (inode === undefined) throw new Error(`ss has the line ${JSON.stringify(text)}`);
  const address = peer.replace(/%.*$/, '').replace(/^\[|\]$/g, '');
  return [address, `${ourPort}-${theirPort} inode ${inode}`];
}
