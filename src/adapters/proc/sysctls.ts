import { closeSync, openSync, readSync } from 'node:fs';
import type { ObservedSysctls } from '../../core/model/observed.js';
import type { Sysctls } from '../../shell/ports/host.js';

/**
 * The kernel's settings for forwarding (Linux, Documentation/networking/ip-sysctl.rst), of the network namespace that this
 * process is in. `root` is where they lie. No program is started.
 */
export function openSysctls(root = '/proc/sys/net'): Sysctls {
  const read = (path: string) => readNumber(`${root}/${path}`);
  return {
    observe: async (interfaces) => {
      const names = ['all', 'default', ...interfaces];
      const disabled = byName(names, (name) => read(`ipv6/conf/${name}/disable_ipv6`));
      return {
        forwarding: {
          ipv4: isOn(read('ipv4/ip_forward')),
          ipv6: isOn(read('ipv6/conf/all/forwarding')),
        },
        rpFilter: byName(names, (name) => read(`ipv4/conf/${name}/rp_filter`)),
        ipv6Disabled: new Set([...disabled].flatMap(([name, value]) => (value === 0 ? [] : [name]))),
        ipv6Mtu: byName(interfaces, (name) => read(`ipv6/conf/${name}/mtu`)),
      } satisfies ObservedSysctls;
    },
  };
}

function byName(
  names: readonly string[],
  read: (name: string) => number | undefined,
): ReadonlyMap<string, number> {
  return new Map(
    names.flatMap((name) => {
      const value = read(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function isOn(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 0;
}

const buffer = Buffer.alloc(32);

/**
 * Undefined where the kernel has no such setting: an address family that it lacks, an interface that is gone. Read at once: the
 * kernel answers from memory, and with a hundred tunnels the turns of the event loop would cost ten times as much as the reading.
 */
function readNumber(path: string): number | undefined {
  const text = readStart(path);
  return /^\d+\n?$/.test(text) ? Number(text) : undefined;
}

function readStart(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
