import { readFile } from 'node:fs/promises';
import type { Unread } from '../../core/model/observed.js';
import { isStopped, socketOwners } from '../../platform/socket-owners.js';

/** The process that serves an interface which is not the kernel's. */
export type Server = NonNullable<Unread['server']>;

/**
 * Finds the processes that listen on the control sockets of these interfaces: `.../wireguard/NAME.sock`, as wg(8) calls them.
 * `unixTable` is the kernel's list of Unix sockets, /proc/net/unix of the host's network namespace. Never throws.
 */
export async function findServers(
  names: readonly string[],
  unixTable: string,
): Promise<ReadonlyMap<string, Server>> {
  const inodes = listeningSockets(await readFile(unixTable, 'utf8').catch(() => ''), new Set(names));
  const owners = await socketOwners(new Set(inodes.values()));
  const found = await Promise.all(
    [...inodes].map(async ([name, inode]) => {
      const owner = owners.get(inode);
      return owner && ([name, { ...owner, isStopped: await isStopped(owner.pid) }] as const);
    }),
  );
  return new Map(found.filter((each) => each !== undefined));
}

/** True where the process is still stopped: then nobody needs to ask it, and fill the queue of its socket. */
export function isStillStopped({ pid, isStopped: was }: Server): Promise<boolean> {
  return was ? isStopped(pid) : Promise.resolve(false);
}

// __SO_ACCEPTCON: the socket takes connections (proc(5), /proc/net/unix).
const listening = 0x10000;

/** Interface → inode. A line is: number, references, protocol, flags, type, state, inode, path. */
function listeningSockets(table: string, names: ReadonlySet<string>): Map<string, string> {
  const rows = table.split('\n').flatMap((line) => {
    const [, , , flags = '', , , inode, path = ''] = line.trim().split(/\s+/);
    const name = /\/wireguard\/([^/]+)\.sock$/.exec(path)?.[1];
    const isServer = (Number.parseInt(flags, 16) & listening) !== 0;
    return isServer && inode && name !== undefined && names.has(name) ? [[name, inode] as const] : [];
  });
  return new Map(rows);
}
