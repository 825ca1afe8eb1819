import { readFile } from 'node:fs/promises';
import type { KernelRoutes } from '../../shell/ports/host.js';

/**
 * The kernel's routing tables by /proc/net/route and /proc/net/ipv6_route (proc_pid_net(5)), of the network namespace that
 * this process is in. No program is started.
 */
export function openKernelRoutes(procNet = '/proc/net'): KernelRoutes {
  return {
    snapshot: async () => {
      const ipv4 = await read(`${procNet}/route`);
      const ipv6 = await read(`${procNet}/ipv6_route`);
      return [...columnsOf(ipv4, ipv4Columns), ...columnsOf(ipv6, ipv6Columns)].sort().join('\n');
    },
  };
}

// Destination, mask, next hop, metric, flags and interface; not the counters of use and references, which change all the time.
const ipv4Columns = [1, 7, 2, 6, 3, 0];
const ipv6Columns = [0, 1, 4, 5, 8, 9];

function columnsOf(text: string, columns: readonly number[]): string[] {
  return text.split('\n').map((line) => {
    const fields = line.trim().split(/\s+/);
    return columns.map((column) => fields[column] ?? '').join(' ');
  });
}

/** A kernel without an address family has no such file. */
async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
