import { readFile } from 'node:fs/promises';
import { families } from '../../core/model/values/family.js';
import type { Run } from '../../platform/exec.js';
import type { KernelRoutes } from '../../shell/ports/host.js';

interface KernelRoutesOptions {
  readonly procNet?: string;
  readonly run: Run;
  /** The table of the routes of DN42, where it is not the main one. */
  readonly table?: number | undefined;
}

/**
 * The kernel's routing tables by /proc/net/route and /proc/net/ipv6_route (proc_pid_net(5)), of the network namespace that
 * this process is in. No program is started, but for a table of one's own: /proc shows IPv4 routes of the main table only.
 */
export function openKernelRoutes({ procNet = '/proc/net', run, table }: KernelRoutesOptions): KernelRoutes {
  return {
    snapshot: async () => {
      const ipv4 = await read(`${procNet}/route`);
      const ipv6 = await read(`${procNet}/ipv6_route`);
      const others = table === undefined ? [] : await tableLines(run, table);
      return [...columnsOf(ipv4, ipv4Columns), ...columnsOf(ipv6, ipv6Columns), ...others].sort().join('\n');
    },
  };
}

/** A table that nobody has put a route into is none: `ip` fails then. */
async function tableLines(run: Run, table: number): Promise<string[]> {
  const texts = await Promise.all(
    families.map((family) =>
      run('ip', [family === 'ipv4' ? '-4' : '-6', 'route', 'show', 'table', String(table)], {
        okExitCodes: [1, 2, 255],
      }).then(
        ({ stdout }) => stdout,
        () => '',
      ),
    ),
  );
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
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
