import { expect, it } from 'vitest';
import { openSysctls } from '../../../src/adapters/proc/sysctls.js';
import { run } from '../../../src/platform/exec.js';

// The kernel shows the settings of the network namespace of whoever reads them; with a daemon in a namespace of its own
// they are changed in test/faults/node-protocols.test.ts.
it('what the kernel shows is what sysctl(8) prints', async () => {
  const print = async (name: string) => Number((await run('sysctl', ['-n', name])).stdout);
  const { forwarding, rpFilter, ipv6Disabled, ipv6Mtu } = await openSysctls().observe(['lo', 'no-such-link']);
  expect(forwarding).toEqual({
    ipv4: (await print('net.ipv4.ip_forward')) !== 0,
    ipv6: (await print('net.ipv6.conf.all.forwarding')) !== 0,
  });
  expect([...rpFilter.keys()]).toEqual(['all', 'default', 'lo']);
  for (const name of rpFilter.keys()) {
    expect(rpFilter.get(name)).toBe(await print(`net.ipv4.conf.${name}.rp_filter`));
    expect(ipv6Disabled.has(name)).toBe((await print(`net.ipv6.conf.${name}.disable_ipv6`)) !== 0);
  }
  expect(ipv6Disabled.has('no-such-link')).toBe(false);
  expect(ipv6Mtu).toEqual(new Map([['lo', await print('net.ipv6.conf.lo.mtu')]]));
});
