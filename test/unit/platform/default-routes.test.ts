import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDefaultRoutes4, readDefaultRoutes } from '../../../src/platform/default-routes.js';

const route = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth1	00000000	010200C0	0003	0	0	200	00000000	0	0	0
ppp0	00000000	00000000	0001	0	0	100	00000000	0	0	0
eth2	00000000	010200C0	0002	0	0	1	00000000	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
*	00000000	00000000	0201	0	0	0	00000000	0	0	0
`;
const zeros = '0'.repeat(32);
const ipv6Route = `fd424242000000000000000000000000 20 ${zeros} 00 ${zeros} 00000020 00000001 00000000 00000001 dn42_1
${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000003 00000000 00450003     eth0
${zeros} 00 ${zeros} 00 fe800000000000000000000000000002 00000100 00000003 00000000 00000003     eth1
${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo
${zeros} 80 ${zeros} 00 ${zeros} 00000000 00000001 00000000 00000001     eth3
`;

describe('the interfaces of the default routes', () => {
  async function read(ipv4: string, ipv6: string) {
    const procNet = await mkdtemp(join(tmpdir(), 'moenet-routes-'));
    try {
      await writeFile(join(procNet, 'route'), ipv4);
      await writeFile(join(procNet, 'ipv6_route'), ipv6);
      return await readDefaultRoutes(procNet);
    } finally {
      await rm(procNet, { recursive: true });
    }
  }

  it('are those that are up, without a gateway too, by metric', async () => {
    expect(await read(route, ipv6Route)).toEqual({ ipv4: ['ppp0', 'eth1'], ipv6: ['eth1', 'eth0'] });
  });

  it('are none in what is something else', async () => {
    expect(await read('x y z\n\n', 'x')).toEqual({ ipv4: [], ipv6: [] });
  });

  it('are none where the kernel does not tell', async () => {
    await expect(readDefaultRoutes('/nonexistent')).resolves.toEqual({ ipv4: [], ipv6: [] });
  });
});

it('a default route has its gateway where it has one', () => {
  expect(parseDefaultRoutes4(route)).toEqual([
    { interface: 'eth1', gateway: '010200C0', metric: 200 },
    { interface: 'ppp0', gateway: undefined, metric: 100 },
  ]);
});
