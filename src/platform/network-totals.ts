import { readFile } from 'node:fs/promises';

/** Bytes of all interfaces but `lo` since boot, and sockets in use, of both address families. */
export interface NetworkTotals {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly tcpSockets: number;
  readonly udpSockets: number;
}

/** The totals of this network namespace; undefined where the kernel does not tell. Never throws. */
export async function readNetworkTotals(procNet = '/proc/net'): Promise<NetworkTotals | undefined> {
  try {
    const read = (name: string) => readFile(`${procNet}/${name}`, 'utf8');
    // A kernel without IPv6 has no sockstat6.
    const sockets = (await read('sockstat')) + (await read('sockstat6').catch(() => ''));
    return parseNetworkTotals(await read('dev'), sockets);
  } catch {
    return undefined;
  }
}

/** Reads `/proc/net/dev` (proc_pid_net(5)), and `sockstat` and `sockstat6` as one text. Undefined where it is neither. */
export function parseNetworkTotals(dev: string, sockets: string): NetworkTotals | undefined {
  const rows = [...dev.matchAll(/^ *([^\s:]+):(.*)$/gm)].filter(([, name]) => name !== 'lo');
  // Eight columns of what was received, the first of them bytes, then those of what was sent.
  const sum = (column: number) =>
    rows.reduce((total, [, , numbers = '']) => total + Number(numbers.trim().split(/\s+/)[column]), 0);
  const inUse = (protocol: string) =>
    [...sockets.matchAll(new RegExp(`^${protocol}6?: inuse (\\d+)`, 'gm'))].reduce(
      (total, [, count]) => total + Number(count),
      0,
    );
  const totals = { rxBytes: sum(0), txBytes: sum(8), tcpSockets: inUse('TCP'), udpSockets: inUse('UDP') };
  return Object.values(totals).every(Number.isSafeInteger) ? totals : undefined;
}
