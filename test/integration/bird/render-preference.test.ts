import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Routing } from '../../../src/core/model/routing.js';
import { asn } from '../../../src/core/model/values/asn.js';
import type { Namespace } from '../../../src/lab/namespace.js';
import { v6 } from '../../unit/make.js';
import { type Outside, routeDetails } from './routers/outside.js';
import { sessionWith, startOutside } from './routers/outside-session.js';
import { join, Routers } from './routers/routers.js';
import { installedVersion, type RunningBird, type Tree, treeOf } from './routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from './routers/three-nodes.js';

// Node 1 is in East Asia and has 1 Gbit/s, node 3 in Europe with 100 Mbit/s. A neighbor at each announces the same networks.
const eastAsia = '172.21.1.0/24';
const southEastAsia = '172.21.2.0/24';
const europe = '172.21.3.0/24';
const nowhere = '172.21.4.0/24';
const tagOf = { [eastAsia]: 50, [southEastAsia]: 49, [europe]: 41 } as const;

/** The long way to each network is the one from where it is. */
function announcesAt(node: 1 | 3) {
  const near = (node === 1 ? [eastAsia, southEastAsia] : [europe]) as readonly string[];
  const tagged = Object.entries(tagOf).map(([prefix, tag]) => ({
    prefix,
    path: near.includes(prefix) ? [4242420071, 4242420072, 4242420073] : [4242420073],
    communities: [`(64511, ${tag})`, '(64511, 22)'],
  }));
  return [...tagged, { prefix: nowhere, path: [4242420073] }];
}

const outsides: Readonly<Record<1 | 3, Outside>> = {
  1: { number: 1, as: 4242420001, announces: announcesAt(1) },
  3: { number: 3, as: 4242420003, announces: announcesAt(3) },
};

const collector = { asn: asn.parse(4242422602), address: v6('fd42:d42:d42:179::1') };
const collectorFile = `
  router id 192.0.2.99;
  protocol device { }
  protocol bgp node {
    local as ${collector.asn};
    neighbor fd00:4242:7777:101:1::1 as 4242420998;
    source address ${collector.address};
    multihop;
    connect delay time 1;
    ipv4 { add paths rx; import all; export none; };
    ipv6 { add paths rx; import all; export none; };
  }
  protocol static { ipv6; route fd42:99::/48 unreachable; }
`;

/** What an operator has besides, at node 1: a part of our block in use, and a better way to the block as a whole. */
const operatorsOwn = `
protocol static operators_own {
    ipv4 { preference 100; };
    route 172.22.188.0/26 blackhole;
    route 172.22.188.16/28 blackhole;
}
`;

async function routingAt(id: NodeId, changes: Partial<Routing> = {}): Promise<Routing> {
  const base = routingOf(id, await installedVersion());
  const outside = id === 2 ? undefined : outsides[id];
  const europes = {
    bandwidth: '100M',
    bandwidthCommunity: undefined,
    regionCommunity: 'DN42_REGION_EU',
    continentLc: 'LC_ORIGIN_EU',
    subregionLc: 'LC_REGION_EU_W',
  };
  return {
    ...base,
    node: id === 3 ? { ...base.node, ...europes } : base.node,
    sessions: outside ? [sessionWith(outside)] : [],
    collector: id === 1 ? collector : undefined,
    ...changes,
  };
}

async function treeAt(id: NodeId, changes: Partial<Routing> = {}): Promise<Tree> {
  const tree = await treeOf(await routingAt(id, changes));
  return id === 1 ? { ...tree, 'bird.conf': `${tree['bird.conf']}${operatorsOwn}` } : tree;
}

const routers = new Routers();
const nodes = {} as Record<NodeId, RunningBird>;
const there = {} as Record<1 | 3, RunningBird>;
let collecting: RunningBird;

async function startCollector(node: Namespace): Promise<RunningBird> {
  const host = await routers.open('collector', [`${collector.address}/128`]);
  await join(
    { host: node, interface: 'to_collector', address: 'fe80::998' },
    { host, interface: 'to_node', address: 'fe80::99' },
  );
  await node.run('ip', ['route', 'add', collector.address, 'via', 'fe80::99', 'dev', 'to_collector']);
  await host.run('ip', ['route', 'add', 'fd00:4242:7777:101:1::1', 'via', 'fe80::998', 'dev', 'to_node']);
  return routers.start(host, { 'bird.conf': collectorFile });
}

beforeAll(async () => {
  const hosts = await openThreeHosts(routers);
  collecting = await startCollector(hosts[1]);
  for (const id of [1, 3] as const) {
    there[id] = (await startOutside(routers, hosts[id], outsides[id])).bird;
  }
  for (const id of nodeIds) nodes[id] = await routers.start(hosts[id], await treeAt(id));
});

afterAll(() => routers.close());

// iBGP comes up after Babel has brought the loopbacks.
const soon = { timeout: 40_000, interval: 500 };
const aPath = /(?:as_path|bgp_path):/g;
const detailsOf = (bird: RunningBird, query: string) => routeDetails(bird, query).catch(() => undefined);
const bestFrom = (id: NodeId, prefix: string) => async () =>
  /\[(\w+) /.exec(await nodes[id].ask(`show route ${prefix} primary`))?.[1];
const preferenceOf = async (id: NodeId, prefix: string) =>
  (await detailsOf(nodes[id], `${prefix} primary`))?.localPreference;

describe('cold potato', () => {
  it('leaves our network at the node that is in the destination’s region, however long the path', async () => {
    await expect.poll(bestFrom(3, eastAsia), soon).toBe('ibgp_2');
    await expect.poll(bestFrom(1, europe), soon).toBe('ibgp_2');
    expect(await bestFrom(1, eastAsia)()).toBe('dn42_4242420001');
    expect(await bestFrom(3, europe)()).toBe('dn42_4242420003');
  });

  it('or at least on its continent', async () => {
    await expect.poll(bestFrom(3, southEastAsia), soon).toBe('ibgp_2');
    expect(await preferenceOf(3, southEastAsia)).toBe(110);
    expect(await preferenceOf(3, eastAsia)).toBe(120);
  });

  it('leaves by the nearest way where nobody says where the destination is', async () => {
    expect(await bestFrom(1, nowhere)()).toBe('dn42_4242420001');
    expect(await bestFrom(3, nowhere)()).toBe('dn42_4242420003');
  });
});

describe('what neighbors are told', () => {
  const blocks = ['172.22.188.0/26', 'fd00:4242:7777::/48'];

  it.each(blocks)('region, bandwidth and encryption of our own %s by each node', async (block) => {
    await expect
      .poll(() => detailsOf(there[1], block), soon)
      .toMatchObject({
        communities: ['64511,23', '64511,34', '64511,50'],
        largeCommunities: ['4242420998,1,100', '4242420998,2,101', '4242420998,5,1000'],
      });
    await expect
      .poll(() => detailsOf(there[3], block), soon)
      .toMatchObject({
        communities: ['64511,21', '64511,34', '64511,41'],
        largeCommunities: ['4242420998,1,300', '4242420998,2,301', '4242420998,5,100'],
      });
  });

  it('where a route came in, the weakest bandwidth on its way, its own region, and nothing internal', async () => {
    await expect
      .poll(() => detailsOf(there[3], `${eastAsia} protocol node`), soon)
      .toMatchObject({
        communities: ['64511,21', '64511,34', '64511,50'],
        largeCommunities: ['4242420998,1,100', '4242420998,2,101', '4242420998,5,1000'],
      });
  });

  it('no parts of our own blocks, which our nodes tell each other', async () => {
    await expect.poll(bestFrom(3, '172.22.188.16/28'), soon).toBe('ibgp_2');
    for (const id of [1, 3] as const) {
      expect(await there[id].networks('show route protocol node')).not.toContain('172.22.188.16/28');
    }
  });
});

describe('our own block as a whole', () => {
  it('gives way to any other route to it', async () => {
    expect(await bestFrom(1, '172.22.188.0/26')()).toBe('operators_own');
    expect(await bestFrom(3, '172.22.188.0/26')()).toBe('moenet_own_v4');
  });
});

describe('the route collector', () => {
  it('gets all valid routes with all their paths', async () => {
    const networks = () => collecting.networks('show route protocol node');
    const wanted = ['172.22.188.0/26', eastAsia, southEastAsia, europe, nowhere, 'fd00:4242:7777::/48'];
    await expect.poll(async () => [...new Set(await networks())], soon).toEqual(wanted.toSorted());
    const paths = async () => (await collecting.ask(`show route ${europe} protocol node all`)).match(aPath);
    await expect.poll(paths, soon).toHaveLength(2);
  });

  it('learns nothing internal and teaches nothing', async () => {
    expect(await collecting.ask('show route all')).not.toMatch(/4242420998, 900/);
    expect(await nodes[1].networks('show route protocol moenet_collector')).toEqual([]);
  });
});

describe('maintenance', () => {
  const established = async () =>
    (await nodes[1].ask('show protocols')).split('\n').filter((line) => line.includes('Established'));
  const shutdownAt = async (id: 1 | 3) => {
    const answer = await there[id].ask('show route protocol node all');
    return { routes: answer.match(aPath)?.length, marked: answer.match(/\(65535, ?0\)/g)?.length ?? 0 };
  };

  it('leads traffic away from the node, here, at other nodes and at neighbors, without a reset', async () => {
    const before = await established();
    await nodes[1].configure(await treeAt(1, { maintenance: true }));
    await expect.poll(bestFrom(3, eastAsia), soon).toBe('dn42_4242420003');
    await expect.poll(bestFrom(1, eastAsia), soon).toBe('ibgp_2');
    await expect.poll(bestFrom(1, nowhere), soon).toBe('ibgp_2');
    await expect
      .poll(() => shutdownAt(1), soon)
      .toSatisfy(({ routes, marked }) => routes > 4 && marked === routes);
    expect((await shutdownAt(3)).marked).toBe(0);
    expect(await established()).toEqual(before);
  });

  it('ends as it began', async () => {
    const before = await established();
    await nodes[1].configure(await treeAt(1));
    await expect.poll(bestFrom(3, eastAsia), soon).toBe('ibgp_2');
    await expect.poll(bestFrom(1, nowhere), soon).toBe('dn42_4242420001');
    await expect.poll(async () => (await shutdownAt(1)).marked, soon).toBe(0);
    expect(await established()).toEqual(before);
  });
});
