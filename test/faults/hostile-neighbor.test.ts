import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { type Neighbor, openNeighbor } from './harness/neighbor.js';
import { untilHealthy, untilPasses } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

// The node's name server is behind its default gateway, and so is one of the control plane's addresses.
const resolver = '172.31.0.2';
const controlPlane = '10.99.0.1';
const gateway = '172.31.1.1';
const ordinary = '172.21.1.0/24';
const takes = ['172.31.0.2/32', '172.31.0.0/23', '10.99.0.0/24', '10.98.0.0/15'];

let node: FaultyNode;
let neighbor: Neighbor;

beforeAll(async () => {
  node = await openFaultyNode('jp1', 1, { controlPlaneName: 'control.example.net', daemon: false });
  const { run } = node.namespace;
  await run('ip', ['-batch', '-'], {
    input: `link add eth0 type veth peer name isp0
link set eth0 up
link set isp0 up
route add default via ${gateway} dev eth0 onlink
`,
  });
  // Nobody answers at the name server, and BIRD stands still while it asks there.
  const others = ['rpki.akae.re', 'rpki.dn42.launchpadx.top', 'hk.example.net', 'peer.example.net'];
  const hosts = `127.0.0.1 localhost control.example.net
${controlPlane} control.example.net
192.0.2.99 ${others.join(' ')}
`;
  for (const [name, text] of Object.entries({ hosts, 'resolv.conf': `nameserver ${resolver}\n` })) {
    await writeFile(node.path(name), text);
    await run('mount', ['--bind', node.path(name), `/etc/${name}`]);
  }
  await node.startDaemon();
  await untilHealthy(node);
  neighbor = await openNeighbor(node, 1, [...takes, ordinary]);
});

afterAll(async () => {
  await neighbor?.close();
  await node?.close();
});

const wayTo = async (address: string) => {
  const { stdout } = await node.namespace.run('ip', ['route', 'get', address]);
  return /\bdev (\S+)/.exec(stdout)?.[1];
};
const routesTo = async (prefix: string) =>
  (
    await node.namespace.run('birdc', ['-s', '/run/bird/bird.ctl', 'show', 'route', prefix], {
      okExitCodes: [0, 1],
    })
  ).stdout;

describe('neighbor', () => {
  it('announces the control plane’s, the resolver’s and the gateway’s addresses', async ({ task }) => {
    await node.setSessions([...(await node.sessions()), neighbor.session]);
    const key = (await readFile(node.path('keys/public.key'), 'utf8')).trim();
    const startedMs = Date.now();
    await neighbor.connect(key);
    await waitFor(
      'its ordinary route is in use',
      async () => (await wayTo('172.21.1.1')) === 'wg_24701',
      60_000,
    );
    const recoveredMs = Date.now() - startedMs;
    for (const prefix of takes) expect(await routesTo(prefix)).toContain('dn42_4242420701');
    await untilPasses(node, 3, 60_000);
    for (const address of [resolver, controlPlane, gateway]) expect(await wayTo(address)).toBe('eth0');
    expect((await node.status()).controlPlane.error).toBe(undefined);
    task.meta.finding = { seen: 'its ordinary routes are used, the others are not', namedMs: 0, recoveredMs };
  });

  it('announces them while the agent is gone', async ({ task }) => {
    await end(node.daemon);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    for (const address of [resolver, controlPlane, gateway]) expect(await wayTo(address)).toBe('eth0');
    const startedMs = Date.now();
    await node.startDaemon();
    await waitFor('the node is as wanted', async () => (await node.status()).lastPass?.changes === 0, 60_000);
    expect(await wayTo(resolver)).toBe('eth0');
    task.meta.finding = { seen: 'nothing changed', namedMs: 0, recoveredMs: Date.now() - startedMs };
  });
});
