import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Namespace } from '../../../src/lab/namespace.js';
import { makeSession } from '../../unit/make.js';
import { join, Routers } from './routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from './routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from './routers/three-nodes.js';

// A neighbor of another AS is at node 1: what node 1 learns is used at node 3.
const neighborsFile = `
  router id 192.0.2.1;
  protocol device { }
  protocol static { ipv4; route 172.21.1.0/24 unreachable; }
  protocol static { ipv6; route fd42:1::/48 unreachable; }
  protocol bgp node {
    local as 4242421080;
    neighbor fe80::1%'to_node' as 4242420998;
    connect delay time 1;
    ipv4 { extended next hop; import all; export all; };
    ipv6 { import all; export all; };
  }
`;

const routers = new Routers();
const birds = {} as Record<NodeId, RunningBird>;
let hosts: Readonly<Record<NodeId, Namespace>>;

beforeAll(async () => {
  hosts = await openThreeHosts(routers);
  const outside = await routers.open('neighbor');
  await join(
    { host: hosts[1], interface: 'wg_24001', address: 'fe80::1' },
    { host: outside, interface: 'to_node', address: 'fe80::2' },
  );
  await routers.start(outside, { 'bird.conf': neighborsFile });
  const version = await installedVersion();
  for (const id of nodeIds) {
    const sessions =
      id === 1 ? [{ protocol: 'dn42_4242421080', latencyTier: undefined, session: makeSession() }] : [];
    birds[id] = await routers.start(hosts[id], await treeOf({ ...routingOf(id, version), sessions }));
  }
});

afterAll(() => routers.close());

const soon = { timeout: 40_000, interval: 250 };
const succeeds = (host: Namespace, program: string, args: readonly string[]) =>
  host.run(program, args).then(
    () => true,
    () => false,
  );

describe('three nodes with the rendered configuration', () => {
  it('bring the loopbacks of a node two hops away by Babel', async () => {
    for (const address of ['172.22.188.1', 'fd00:4242:7777:101:1::1']) {
      const ping = () => succeeds(hosts[3], 'ping', ['-c', '1', '-W', '1', address]);
      await expect.poll(ping, soon).toBe(true);
    }
  });

  it('announce nothing else by Babel', async () => {
    const loopbacks = nodeIds
      .filter((id) => id !== 3)
      .map((id) => [`172.22.188.${id}/32`, `fd00:4242:7777:101:${id}::1/128`]);
    expect(await birds[3].networks('show route protocol moenet_babel')).toEqual(loopbacks.flat().sort());
  });

  it('use a route at node 3 that node 1 learned, by way of the reflector', async () => {
    const networks = () => birds[3].networks('show route protocol ibgp_2');
    await expect.poll(networks, soon).toEqual(['172.21.1.0/24', 'fd42:1::/48']);
    const kernel = async () => (await hosts[3].run('ip', ['route', 'show', '172.21.1.0/24'])).stdout;
    await expect
      .poll(kernel, soon)
      .toContain('via inet6 fe80::2 dev dn42-wg-igp-2 proto bird src 172.22.188.3');
  });

  it('leave the next hop of a reflected route at the node that learned it', async () => {
    const answer = await birds[3].ask('show route 172.21.1.0/24 all');
    expect(answer).toMatch(/next_hop: fd00:4242:7777:101:1::1$/m);
  });
});
