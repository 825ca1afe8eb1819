import { readFile } from 'node:fs/promises';
import ipaddr from 'ipaddr.js';
import type { Namespace } from '../../../../src/lab/namespace.js';

const established = '01';
const bgpPort = 179;

/**
 * The established BGP connections of a host: the other end's address → both ports and the socket's inode. The inode is
 * the connection's own: whatever was reset, however fast it came back, has another one.
 */
export async function bgpConnections({ pid }: Namespace): Promise<ReadonlyMap<string, string>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  return new Map(tables.flatMap((table) => table.trim().split('\n').slice(1)).flatMap(readConnection));
}

// 0: 0C00A8C0:00B3 0D00A8C0:A0D1 01 00000000:00000000 00:00000000 00000000     0        0 4711 ...
function readConnection(line: string): [string, string][] {
  const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
  const [ours, theirs] = [endOf(local), endOf(remote)];
  if (state !== established || (ours.port !== bgpPort && theirs.port !== bgpPort)) return [];
  return [[theirs.address, `${ours.port}-${theirs.port} inode ${inode}`]];
}

/** Each four bytes of an address are in the machine's order, which is little-endian. */
function endOf(text = ''): { readonly address: string; readonly port: number } {
  const [address = '', port = ''] = text.split(':');
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex').reverse()]);
  return { address: ipaddr.fromByteArray(bytes).toString(), port: Number.parseInt(port, 16) };
}
