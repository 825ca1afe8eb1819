import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from '../source.js';

// By name, because others are secrets: net.ipv4.tcp_fastopen_key, net.ipv6.conf.*.stable_secret.
const ofMachine = ['ipv4/ip_forward', 'ipv4/fib_multipath_hash_policy', 'ipv6/route/max_size'];
const ofInterface = {
  ipv4: ['forwarding', 'rp_filter', 'accept_local', 'arp_ignore', 'arp_announce'],
  ipv6: ['forwarding', 'disable_ipv6', 'accept_ra', 'addr_gen_mode', 'mtu', 'keep_addr_on_down'],
} as const;

/** The kernel's settings that matter to a router, for each interface. */
export const sysctls: Source = {
  name: 'network/sysctls.txt',
  limitMs: 10_000,
  collect: async ({ paths: { sysctls: root } }) => {
    const names = await Promise.all(
      (['ipv4', 'ipv6'] as const).map(async (family) => {
        const interfaces = (await readdir(join(root, family, 'conf')).catch(() => [])).sort();
        return interfaces.flatMap((name) =>
          ofInterface[family].map((key) => `${family}/conf/${name}/${key}`),
        );
      }),
    );
    const lines = await Promise.all(
      [...ofMachine, ...names.flat()].map(async (name) => {
        const value = await readFile(join(root, name), 'utf8').catch(() => undefined);
        return value === undefined ? '' : `net/${name} = ${value.trim()}\n`;
      }),
    );
    return [{ file: 'network/sysctls.txt', text: lines.join('') }];
  },
};
