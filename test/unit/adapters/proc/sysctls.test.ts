import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSysctls } from '../../../../src/adapters/proc/sysctls.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sysctls-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(settings)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

it('the settings of the machine and of the interfaces are read', async () => {
  await put({
    'ipv4/ip_forward': '1\n',
    'ipv6/conf/all/forwarding': '0\n',
    'ipv4/conf/all/rp_filter': '0\n',
    'ipv4/conf/default/rp_filter': '2\n',
    'ipv4/conf/wg_1/rp_filter': '1\n',
    'ipv4/conf/eth0/rp_filter': '1\n',
    'ipv6/conf/all/disable_ipv6': '0\n',
    'ipv6/conf/default/disable_ipv6': '1\n',
    'ipv6/conf/wg_1/disable_ipv6': '1\n',
    'ipv6/conf/wg_2/disable_ipv6': '0\n',
    'ipv6/conf/wg_2/mtu': '1420\n',
  });
  expect(await openSysctls(root).observe(['wg_1', 'wg_2'])).toEqual({
    forwarding: { ipv4: true, ipv6: false },
    rpFilter: new Map([
      ['all', 0],
      ['default', 2],
      ['wg_1', 1],
    ]),
    ipv6Disabled: new Set(['default', 'wg_1']),
    ipv6Mtu: new Map([['wg_2', 1420]]),
  });
});

it('leaves out settings that the kernel lacks, or that are no number', async () => {
  await put({ 'ipv4/ip_forward': 'yes\n', 'ipv4/conf/all/rp_filter': '' });
  expect(await openSysctls(root).observe(['gone'])).toEqual({
    forwarding: { ipv4: undefined, ipv6: undefined },
    rpFilter: new Map(),
    ipv6Disabled: new Set(),
    ipv6Mtu: new Map(),
  });
});
