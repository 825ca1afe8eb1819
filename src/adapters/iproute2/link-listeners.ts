import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Those that the kernel tells of every change of a link. Each wireguard-go is one. */
export interface LinkListeners {
  /**
   * Waits until all have read most of what the kernel has told them. A wireguard-go that is told more than its socket holds (208 KiB, about
   * 50 interfaces' changes) ends at its next packet, and its tunnel with it. One that reads nothing for a while is not waited for again until
   * it has caught up. Returns how many there are. Never throws but the signal's reason.
   */
  settle(signal?: AbortSignal): Promise<number>;
}

export interface ListenersOptions {
  /** The kernel's list of netlink sockets, of the network namespace in which the links are. */
  readonly table?: string | undefined;
  readonly processes?: string | undefined;
  /** How long a listener may read nothing. */
  readonly patienceMs?: number | undefined;
}

// A quarter of the usual size of a socket's buffer (net.core.rmem_default).
const manyBytes = 52_000;
const pollMs = 5;

export function openLinkListeners(options: ListenersOptions = {}): LinkListeners {
  const { table = '/proc/self/net/netlink', processes = '/proc', patienceMs = 2_000 } = options;
  let silent: ReadonlySet<string> = new Set();
  return {
    settle: async (signal) => {
      const endMs = performance.now() + patienceMs;
      for (;;) {
        const listeners = parseListeners(await readFile(table, 'latin1').catch(() => ''));
        const full = listeners.filter(({ unreadBytes }) => unreadBytes > manyBytes);
        const isSlow = await Promise.all(full.map(({ pid }) => isThere(processes, pid)));
        const slow = full.flatMap(({ inode }, index) => (isSlow[index] ? [inode] : []));
        silent = new Set(slow.filter((inode) => silent.has(inode)));
        if (slow.length === silent.size) return listeners.length;
        if (performance.now() >= endMs) {
          silent = new Set(slow);
          return listeners.length;
        }
        await sleep(pollMs, undefined, { signal });
      }
    },
  };
}

interface Listener {
  readonly pid: string;
  readonly unreadBytes: number;
  readonly inode: string;
}

// rtnetlink(7).
const routeProtocol = '0';
const linkGroup = 1;

/** The rows of /proc/net/netlink: address, protocol, port (the process's id), groups, unread bytes, ..., inode. */
export function parseListeners(table: string): Listener[] {
  return table.split('\n').flatMap((line) => {
    const [, protocol, pid = '', groups = '', unread, , , , , inode = ''] = line.trim().split(/\s+/);
    const isListener = protocol === routeProtocol && (Number.parseInt(groups, 16) & linkGroup) !== 0;
    return isListener ? [{ pid, unreadBytes: Number(unread), inode }] : [];
  });
}

/** A wireguard-go inherits the socket of the process that started it, and nobody reads that one. */
function isThere(processes: string, pid: string): Promise<boolean> {
  return readFile(`${processes}/${pid}/comm`).then(
    () => true,
    () => false,
  );
}
