import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Namespace } from '../../../../src/lab/namespace.js';
import type { Outside } from '../routers/outside.js';
import { sessionWith, startOutside } from '../routers/outside-session.js';
import { Routers } from '../routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from '../routers/three-nodes.js';

// Node 1 learns routes and node 3, behind the reflector, passes them on. Then the mesh takes no packet to or from node 1.
const learned = ['172.21.1.0/24', 'fd42:1::/48'];
const own = ['172.22.188.0/26', 'fd00:4242:7777::/48'];
const announcer: Outside = {
  number: 1,
  as: 4242420001,
  announces: learned.map((prefix) => ({ prefix })),
};
const listener: Outside = { number: 3, as: 4242420003, announces: [] };

const routers = new Routers();
const nodes = {} as Record<NodeId, RunningBird>;
let hosts: Readonly<Record<NodeId, Namespace>>;
let listening: RunningBird;

beforeAll(async () => {
  hosts = await openThreeHosts(routers);
  await startOutside(routers, hosts[1], announcer);
  listening = (await startOutside(routers, hosts[3], listener)).bird;
  const outsides: Partial<Record<NodeId, Outside>> = { 1: announcer, 3: listener };
  const version = await installedVersion();
  for (const id of nodeIds) {
    const outside = outsides[id];
    const sessions = outside ? [sessionWith(outside)] : [];
    nodes[id] = await routers.start(hosts[id], await treeOf({ ...routingOf(id, version), sessions }));
  }
});

afterAll(() => routers.close());

// iBGP comes up after Babel has brought the loopbacks.
const soon = { timeout: 40_000, interval: 250 };
/** Babel says hello every 4 s; BGP's hold time is 90 s. */
const beforeBgpNotices = { timeout: 30_000, interval: 250 };
const received = () => listening.networks('show route protocol node');

const mesh = 'dn42-wg-igp-2';
const dropAll = `table inet cut {
  chain in { type filter hook input priority 0; iifname "${mesh}" drop; }
  chain out { type filter hook output priority 0; oifname "${mesh}" drop; }
}`;

describe('routes of a node of ours that the mesh no longer reaches', () => {
  it('are announced while it is there', async () => {
    await expect.poll(received, soon).toEqual([...learned, ...own].sort());
  });

  it('are withdrawn from neighbors within seconds, while iBGP still has them, and our own blocks are not', async () => {
    await hosts[1].run('nft', dropAll.split(' '));
    await expect.poll(received, beforeBgpNotices).toEqual([...own].sort());
    expect(await nodes[3].ask('show protocols ibgp_2')).toContain('Established');
    expect(await nodes[3].networks('show route protocol ibgp_2')).toEqual([...learned].sort());
  });

  it('come back when the mesh does', async () => {
    await hosts[1].run('nft', ['delete', 'table', 'inet', 'cut']);
    // Babel trusts a silent neighbor again only after a minute, and a new one at once.
    await hosts[1].run('ip', ['link', 'set', mesh, 'down']);
    await hosts[1].run('ip', ['link', 'set', mesh, 'up']);
    await hosts[1].run('ip', ['addr', 'replace', 'fe80::1/64', 'dev', mesh, 'nodad']);
    await expect.poll(received, soon).toEqual([...learned, ...own].sort());
  });
});
