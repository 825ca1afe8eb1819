import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBabelNeighbors } from '../../../../src/adapters/bird/parse-babel.js';
import type { RoutingPolicy } from '../../../../src/core/model/routing.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import type { Outside } from '../routers/outside.js';
import { sessionWith, startOutside } from '../routers/outside-session.js';
import { join, Routers } from '../routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from '../routers/three-nodes.js';

const own = ['172.22.188.0/26', 'fd00:4242:7777::/48'];
const customers = ['172.21.1.0/24', 'fd42:1::/48'];
const customer: Outside = { number: 1, as: 4242420001, announces: customers.map((prefix) => ({ prefix })) };
const listener: Outside = { number: 2, as: 4242420002, announces: [] };

/** Behind node 1, at a next hop that only node 1 knows. */
const parts = ['172.22.188.16/28', 'fd00:4242:7777:beef::/64'];
const operatorsOwn = `
protocol static operators_v4 { ipv4; route ${parts[0]} via 198.51.100.2; }
protocol static operators_v6 { ipv6; route ${parts[1]} via 2001:db8::2; }
`;

const routers = new Routers();
const nodes = {} as Record<NodeId, RunningBird>;
let hosts: Readonly<Record<NodeId, Namespace>>;
let listening: RunningBird;

async function treeAt(id: NodeId, ownBlocks: RoutingPolicy['ownBlocks'] = 'announce') {
  const routing = routingOf(id, await installedVersion());
  const sessions = [sessionWith(customer, { policy: 'upstream' }), sessionWith(listener, { policy: 'peer' })];
  const tree = await treeOf({
    ...routing,
    policy: { ...routing.policy, ownBlocks },
    sessions: id === 1 ? sessions : [],
  });
  return id === 1 ? { ...tree, 'bird.conf': `${tree['bird.conf']}${operatorsOwn}` } : tree;
}

beforeAll(async () => {
  hosts = await openThreeHosts(routers);
  const behind = await routers.open('behind');
  const lan = { host: hosts[1], interface: 'lan', address: 'fe80::1' };
  await join(lan, { host: behind, interface: 'to_node', address: 'fe80::2' });
  for (const address of ['198.51.100.1/24', '2001:db8::1/64'])
    await hosts[1].run('ip', [
      'addr',
      'add',
      address,
      'dev',
      'lan',
      ...(address.includes(':') ? ['nodad'] : []),
    ]);
  await startOutside(routers, hosts[1], customer);
  listening = (await startOutside(routers, hosts[1], listener)).bird;
  for (const id of nodeIds) nodes[id] = await routers.start(hosts[id], await treeAt(id));
});

afterAll(() => routers.close());

const soon = { timeout: 40_000, interval: 250 };

describe('an operator’s static route to a part of our block', () => {
  it.each(parts)('leads all nodes to the loopback of the one that has it: %s', async (part) => {
    const nextHop = async () => /next_hop: (\S+)/.exec(await nodes[3].ask(`show route ${part} all`))?.[1];
    await expect.poll(nextHop, soon).toBe('fd00:4242:7777:101:1::1');
    // Babel may learn the way to that loopback after BGP has the route.
    await expect.poll(() => nodes[3].ask(`show route ${part}`), soon).toMatch(/via fe80::2 on dn42-wg-igp-2/);
  });
});

describe('a node that is cut off from the others', () => {
  const babel = async () => {
    const lines = (await nodes[1].ask('show babel neighbors moenet_babel')).split('\n');
    return parseBabelNeighbors({
      code: '0000',
      text: '',
      lines: lines.map((text) => ({ code: '1024', text })),
    });
  };

  it('has no usable neighbor in Babel', async () => {
    await expect.poll(babel, soon).toBe(1);
    const mesh = 'dn42-wg-igp-2';
    const rules = `table inet cut { chain in { type filter hook input priority 0; iifname "${mesh}" drop; }; }`;
    await hosts[1].run('nft', rules.split(' '));
    await expect.poll(babel, soon).toBe(0);
  });

  const established = async () =>
    (await nodes[1].ask('show protocols')).split('\n').filter((line) => /dn42_.*Established/.test(line));
  const isMarked = async (network: string) =>
    /\(65535, ?0\)/.test(await listening.ask(`show route ${network} all protocol node`));
  /** Whether each network has graceful shutdown; undefined for one that is not announced. */
  const shutdowns = async () => {
    const present = await listening.networks('show route protocol node');
    const all = [...own, ...customers];
    return Promise.all(all.map((network) => (present.includes(network) ? isMarked(network) : undefined)));
  };

  it.each([
    ['announce', [false, false, false, false]],
    ['drain', [true, true, false, false]],
    ['withdraw', [undefined, undefined, false, false]],
    ['announce', [false, false, false, false]],
  ] as const)('can %s our own blocks, and nothing else changes', async (ownBlocks, wanted) => {
    const before = await established();
    await nodes[1].configure(await treeAt(1, ownBlocks));
    await expect.poll(shutdowns, soon).toEqual(wanted);
    expect(await established()).toEqual(before);
    expect(before).toHaveLength(2);
  });
});

describe('Babel', () => {
  it('has another router id after each start, so that its routes count at once', async () => {
    const id = async () => /\[([\da-f:]{23})\]/.exec(await nodes[3].ask('show route 172.22.188.2/32'))?.[1];
    expect(await id()).not.toMatch(/^00:00:00:00/);
  });

  it('is not restarted where it was started without', async () => {
    const row = () => nodes[2].ask('show protocols moenet_babel');
    const tree = await treeAt(2);
    const internal = tree['moenet-agent/internal.conf'] ?? '';
    await nodes[2].configure({
      ...tree,
      'moenet-agent/internal.conf': internal.replace('randomize router id;', ''),
    });
    const before = await row();
    await nodes[2].configure(tree);
    expect(await row()).toBe(before);
    expect(before).toMatch(/moenet_babel +Babel .* up /);
  });
});
