import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObservedSysctls } from '../../core/observed.js';
import type { Sysctls } from '../../shell/ports.js';

/**
 * The kernel's settings for forwarding (Linux, Documentation/networking/ip-sysctl.rst), of the network namespace that this
 * process is in. `root` is where they lie. No program is started.
 */
export function openSysctls(root = '/proc/sys/net'): Sysctls {
  const read = (...path: string[]) => readNumber(join(root, ...path));
  return {
    observe: async (interfaces) => {
      const names = ['all', 'default', ...interfaces];
      const [ipv4, ipv6, filters, disabled] = await Promise.all([
        read('ipv4', 'ip_forward'),
        read('ipv6', 'conf', 'all', 'forwarding'),
        byName(names, (name) => read('ipv4', 'conf', name, 'rp_filter')),
        byName(names, (name) => read('ipv6', 'conf', name, 'disable_ipv6')),
      ]);
      return {
        forwarding: { ipv4: isOn(ipv4), ipv6: isOn(ipv6) },
        rpFilter: filters,
        ipv6Disabled: new Set([...disabled].flatMap(([name, value]) => (value === 0 ? [] : [name]))),
      } satisfies ObservedSysctls;
    },
  };
}

async function byName(
  names: readonly string[],
  read: (name: string) => Promise<number | undefined>,
): Promise<ReadonlyMap<string, number>> {
  const values = await Promise.all(names.map(read));
  return new Map(
    names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]]])),
  );
}

function isOn(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 0;
}

/** Undefined where the kernel has no such setting: an address family that it lacks, an interface that is gone. */
async function readNumber(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+\n?$/.test(text) ? Number(text) : undefined;
}
