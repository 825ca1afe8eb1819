import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyName } from '../../../../src/core/model/policy-name.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { type Prefix, parsePrefix } from '../../../../src/core/model/values/ip.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import { openRtrCache } from '../../../../src/lab/rtr-server.js';
import { type Outside, routeDetails } from '../routers/outside.js';
import { sessionWith, startOutside } from '../routers/outside-session.js';
import { Routers } from '../routers/routers.js';
import { serveInside } from '../routers/rtr-relay.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from '../routers/three-nodes.js';

// Nodes 1 and 2 are in East Asia (50), node 3 is in Europe (41). What is asked for is asked at node 1.
type Neighbor = Outside & { readonly node: NodeId; readonly policy: PolicyName };
const listeners = {
  peerHere: { node: 1, policy: 'peer', number: 11, as: 4242420011, announces: [] },
  providerHere: { node: 1, policy: 'downstream', number: 12, as: 4242420012, announces: [] },
  peerThere: { node: 3, policy: 'peer', number: 31, as: 4242420031, announces: [] },
  customerThere: { node: 3, policy: 'upstream', number: 32, as: 4242420032, announces: [] },
} as const satisfies Record<string, Neighbor>;
type Listener = keyof typeof listeners;

interface Wish {
  readonly what: string;
  /** The second and third number of the large community. */
  readonly asks: readonly (readonly [number, number])[];
  /** How often each listener sees our AS; 0: it does not get the route. */
  readonly seen: Readonly<Record<Listener, number>>;
}

const everywhere = { peerHere: 1, providerHere: 1, peerThere: 1, customerThere: 1 };
const wishes: readonly Wish[] = [
  { what: 'nothing', asks: [], seen: everywhere },
  { what: 'not to an ASN', asks: [[9100, 4242420031]], seen: { ...everywhere, peerThere: 0 } },
  { what: 'twice to an ASN', asks: [[9102, 4242420011]], seen: { ...everywhere, peerHere: 3 } },
  { what: 'not in Europe', asks: [[9110, 41]], seen: { ...everywhere, peerThere: 0, customerThere: 0 } },
  { what: 'once in East Asia', asks: [[9111, 50]], seen: { ...everywhere, peerHere: 2, providerHere: 2 } },
  { what: 'not to peers', asks: [[9120, 1]], seen: { ...everywhere, peerHere: 0, peerThere: 0 } },
  { what: 'three times to providers', asks: [[9123, 3]], seen: { ...everywhere, providerHere: 4 } },
  { what: 'not to customers', asks: [[9120, 2]], seen: { ...everywhere, customerThere: 0 } },
  {
    what: 'to nobody',
    asks: [[9120, 9]],
    seen: { peerHere: 0, providerHere: 0, peerThere: 0, customerThere: 0 },
  },
  {
    what: 'twice to all, and not to one',
    asks: [
      [9122, 9],
      [9100, 4242420012],
    ],
    seen: { peerHere: 3, providerHere: 0, peerThere: 3, customerThere: 3 },
  },
];
const networkOf = (index: number) => `172.21.${100 + index}.0/24`;
const wished = wishes.map(({ asks }, index) => ({
  prefix: networkOf(index),
  largeCommunities: asks.map(([what, whom]) => `(4242420998, ${what}, ${whom})`),
}));

const preferences = [200, 150, 100, 50].map((preference, level) => ({
  prefix: `172.21.${150 + level}.0/24`,
  largeCommunities: level === 0 ? [] : [`(4242420998, 9130, ${level})`],
  preference,
}));

const [customerAs, denied] = [4242420001, 4242420666];
const blackhole = (prefix: string) => ({ prefix, communities: ['(65535, 666)'] });
const dropped = ['172.21.200.7/32', 'fd42:200::7/128', '172.21.202.7/32'];
/** Not an address of theirs; a resolver of DN42's; our own; not DN42's. A network is a route as any other. */
const notDropped = { '172.21.201.7/32': 8, '172.23.0.53/32': 11, '172.22.188.7/32': 2, '192.0.2.7/32': 11 };
const aNetwork = '172.21.210.0/24';

const customer: Neighbor = {
  node: 1,
  policy: 'upstream',
  number: 1,
  as: customerAs,
  announces: [
    ...wished,
    ...preferences,
    ...[...dropped, ...Object.keys(notDropped), aNetwork].map(blackhole),
    {
      prefix: '172.21.220.0/24',
      largeCommunities: ['(4242420998, 9001, 3)', '(4242420998, 9004, 0)', '(4242420998, 9005, 9)'],
    },
  ],
};
/** Neither may ask for what a customer may; the peer for most of it. */
const others = (['full', 'peer', 'downstream'] as const).map((policy, index): Neighbor => {
  const number = 2 + index;
  const announces = [
    { prefix: `172.21.${number}.0/24`, largeCommunities: ['(4242420998, 9130, 3)'] },
    { prefix: `172.21.24${number}.9/32`, communities: ['(65535, 666)'] },
  ];
  return { node: 1, policy, number, as: 4242420000 + number, announces };
});
const neighbors = [customer, ...others, ...Object.values(listeners)];

const cachePort = 8282;
const cache = openRtrCache([
  { prefix: '172.21.201.0/24', maxLength: 32, asn: denied },
  { prefix: '172.21.202.0/24', maxLength: 24, asn: customerAs },
]);

const routers = new Routers();
const nodes = {} as Record<NodeId, RunningBird>;
const birds = new Map<number, RunningBird>();
let hosts: Readonly<Record<NodeId, Namespace>>;
let closeCache = async () => {};

beforeAll(async () => {
  hosts = await openThreeHosts(routers);
  closeCache = await serveInside(hosts[1], cachePort, cache);
  for (const each of neighbors)
    birds.set(each.number, (await startOutside(routers, hosts[each.node], each)).bird);
  for (const id of nodeIds) {
    const routing = routingOf(id, await installedVersion());
    const tree = await treeOf({
      ...routing,
      node: id === 3 ? { ...routing.node, regionCommunity: 'DN42_REGION_EU' } : routing.node,
      policy: {
        ...routing.policy,
        rpkiServers: id === 1 ? [{ name: 'test', host: '127.0.0.1', port: cachePort }] : [],
        customers: [{ asn: asn.parse(customerAs), prefixes: [parsePrefix('172.21.202.0/24') as Prefix] }],
      },
      sessions: neighbors
        .filter(({ node }) => node === id)
        .map((each) => sessionWith(each, { policy: each.policy })),
    });
    nodes[id] = await routers.start(hosts[id], tree);
  }
});

afterAll(async () => {
  await closeCache();
  await routers.close();
});

const soon = { timeout: 40_000, interval: 250 };

describe.each(wishes.map((wish, index) => ({ ...wish, network: networkOf(index) })))(
  'a customer that asks for: $what',
  ({ network, seen }) => {
    it('is obeyed by all our nodes', async () => {
      const found = async () => {
        const counts = Object.entries(listeners).map(async ([name, { number }]) => {
          const answer = (await birds.get(number)?.ask('show route protocol node all')) ?? '';
          const route = answer
            .slice(answer.indexOf(`\n${network} `))
            .split('\n')
            .slice(0, 12)
            .join('\n');
          const path = route.startsWith(`\n${network} `) ? (/_path: (.*)/.exec(route)?.[1] ?? '') : '';
          return [name, path.split(' ').filter((as) => as === '4242420998').length];
        });
        return Object.fromEntries(await Promise.all(counts));
      };
      await expect.poll(found, soon).toEqual(seen);
    });
  },
);

describe('local preference', () => {
  it.each(preferences)('is $preference where a customer asks for $largeCommunities', async (route) => {
    expect((await routeDetails(nodes[1], route.prefix)).localPreference).toBe(route.preference);
  });

  it('is lowered for a peer that asks, and for no partner or provider', async () => {
    const wanted = { full: 100, peer: 50, downstream: 100 };
    for (const { policy, number } of others) {
      const { localPreference } = await routeDetails(nodes[1], `172.21.${number}.0/24`);
      expect(localPreference).toBe(wanted[policy as keyof typeof wanted]);
    }
  });
});

describe('a blackhole', () => {
  it.each(dropped)('that a customer asks for is in the kernel of all our nodes: %s', async (network) => {
    const address = network.split('/')[0] ?? '';
    const family = address.includes(':') ? '-6' : '-4';
    for (const id of nodeIds) {
      const kernel = async () => (await hosts[id].run('ip', [family, 'route', 'show', address])).stdout;
      await expect.poll(kernel, soon).toMatch(/^blackhole /);
    }
  });

  it.each(Object.entries(notDropped))('is refused for %s with reason %i', async (network, reason) => {
    const { largeCommunities } = await routeDetails(nodes[1], `${network} filtered`);
    expect(largeCommunities).toContain(`4242420998,9002,${reason}`);
  });

  it('is for a customer alone, and for a single address alone', async () => {
    for (const { as, number } of others)
      expect(await nodes[1].networks(`show route protocol dn42_${as}`)).not.toContain(
        `172.21.24${number}.9/32`,
      );
    const { communities } = await routeDetails(nodes[1], aNetwork);
    expect(communities).not.toContain('65535,666');
    expect(await nodes[1].ask(`show route ${aNetwork}`)).toContain('unicast');
  });

  it('is told to no neighbor', async () => {
    for (const { number } of Object.values(listeners)) {
      const received = (await birds.get(number)?.networks('show route protocol node')) ?? [];
      expect(received.filter((network) => dropped.includes(network))).toEqual([]);
      expect(received).toContain(aNetwork);
    }
  });
});

describe('communities of ours', () => {
  it('that are not for neighbors to set are removed', async () => {
    const { largeCommunities } = await routeDetails(nodes[1], '172.21.220.0/24');
    const internal = largeCommunities.filter((each) => /^4242420998,90/.test(each));
    expect(internal.toSorted()).toEqual(['4242420998,9001,2', '4242420998,9003,1']);
  });

  it('go to no neighbor', async () => {
    for (const bird of birds.values())
      expect(await bird.ask('show route all protocol node')).not.toMatch(/4242420998, 9[01]\d\d,/);
  });
});
