import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyName } from '../../../../src/core/model/policy-name.js';
import type { OwnPrefix } from '../../../../src/core/model/routing.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { type Prefix, parsePrefix } from '../../../../src/core/model/values/ip.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import { v4 } from '../../../unit/make.js';
import { type Outside, routeDetails } from '../routers/outside.js';
import { sessionWith, startOutside } from '../routers/outside-session.js';
import { join, Routers } from '../routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from '../routers/three-nodes.js';

const prefix = (text: string) => parsePrefix(text) as Prefix;
const everybody = ['full', 'peer', 'upstream', 'downstream'] as const;
const toPeers = prefix('172.22.190.0/26');
const toOne = prefix('fd42:4242:9999::/48');
const inside = prefix('10.1.2.0/30');
const anycast = prefix('172.20.0.53/32');

const policies: readonly PolicyName[] = ['full', 'peer', 'upstream', 'downstream'];
/** One of each policy at node 1, where the prefixes are, and at node 3; all claim parts of the prefixes. */
const outsides = ([1, 3] as const).flatMap((node) =>
  policies.map((policy, index): Outside & { node: NodeId; policy: PolicyName } => {
    const number = node * 10 + index;
    const own = `172.21.${number}.0/24`;
    const claims = ['172.22.190.0/26', '172.22.190.0/27', 'fd42:4242:9999:1::/64', '172.20.0.53/32'];
    const announces = [own, ...claims].map((each) => ({ prefix: each }));
    return { node, policy, number, as: 4242420000 + number, announces };
  }),
);
const favored =
  outsides.find(({ node, policy }) => node === 3 && policy === 'downstream') ?? (undefined as never);

/** Node 1 has them, node 2 knows of none, node 3 of all and has the anycast address itself. */
const ownPrefixes: Readonly<Record<NodeId, readonly OwnPrefix[]>> = {
  1: [
    { prefix: toPeers, announceTo: ['peer'], originate: true },
    { prefix: toOne, via: interfaceName.parse('lan'), announceTo: [asn.parse(favored.as)], originate: true },
    { prefix: inside, via: v4('198.51.100.2'), announceTo: [], originate: true },
    { prefix: anycast, announceTo: everybody, originate: true },
  ],
  2: [],
  3: [
    ...[toPeers, toOne, inside].map((each) => ({ prefix: each, announceTo: [], originate: false })),
    { prefix: anycast, announceTo: everybody, originate: true },
  ],
};

const routers = new Routers();
const nodes = {} as Record<NodeId, RunningBird>;
const birds = new Map<number, RunningBird>();
let hosts: Readonly<Record<NodeId, Namespace>>;

beforeAll(async () => {
  hosts = await openThreeHosts(routers);
  const behind = await routers.open('behind');
  const lan = { host: hosts[1], interface: 'lan', address: 'fe80::1' };
  await join(lan, { host: behind, interface: 'to_node', address: 'fe80::2' });
  await hosts[1].run('ip', ['addr', 'add', '198.51.100.1/24', 'dev', 'lan']);
  for (const each of outsides)
    birds.set(each.number, (await startOutside(routers, hosts[each.node], each)).bird);
  for (const id of nodeIds) {
    const routing = routingOf(id, await installedVersion());
    const tree = await treeOf({
      ...routing,
      policy: { ...routing.policy, ownPrefixes: ownPrefixes[id] },
      sessions: outsides
        .filter(({ node }) => node === id)
        .map((each) => sessionWith(each, { policy: each.policy })),
    });
    nodes[id] = await routers.start(hosts[id], tree);
  }
});

afterAll(() => routers.close());

const soon = { timeout: 40_000, interval: 250 };

describe.each(outsides)('AS$as with policy $policy at node $node', (outside) => {
  const { node, policy, number, as } = outside;
  const received = async () => (await birds.get(number)?.networks('show route protocol node')) ?? [];

  it('is sent what the operator wants it to have, and nothing that is for others', async () => {
    const wanted = [anycast, ...(policy === 'peer' ? [toPeers] : []), ...(as === favored.as ? [toOne] : [])];
    const ours = async () =>
      (await received()).filter((each) => [toPeers, toOne, inside, anycast].some((own) => own === each));
    await expect.poll(ours, soon).toEqual(wanted.toSorted());
  });

  it('is believed none of our prefixes, nor a part of one', async () => {
    const accepted = () => nodes[node].networks(`show route protocol dn42_${as}`);
    await expect.poll(accepted, soon).toEqual([`172.21.${number}.0/24`]);
    const { largeCommunities } = await routeDetails(
      nodes[node],
      `172.22.190.0/27 filtered protocol dn42_${as}`,
    );
    expect(largeCommunities).toContain('4242420998,9002,2');
  });
});

describe('a prefix of ours', () => {
  const at = async (node: NodeId, network: string) =>
    /\[(\w+) /.exec(await nodes[node].ask(`show route ${network} primary`))?.[1];

  it('behind one node is reachable from all', async () => {
    for (const network of [toOne, inside, toPeers]) {
      expect(await at(1, network)).toMatch(/^moenet_own_prefixes_v[46]$/);
      await expect.poll(() => at(2, network), soon).toBe('ibgp_1');
      await expect.poll(() => at(3, network), soon).toBe('ibgp_2');
    }
    const { stdout } = await hosts[3].run('ip', ['route', 'get', '10.1.2.1']);
    expect(stdout).toContain('dev dn42-wg-igp-2');
  });

  it('that several nodes have ends at the nearest one', async () => {
    expect(await at(1, anycast)).toBe('moenet_own_prefixes_v4');
    expect(await at(3, anycast)).toBe('moenet_own_prefixes_v4');
    expect(await at(2, anycast)).toMatch(/^ibgp_[13]$/);
  });

  it('tells no neighbor the marks that we have for it', async () => {
    for (const bird of birds.values())
      expect(await bird.ask('show route all protocol node')).not.toMatch(/4242420998, 90\d\d/);
  });
});
