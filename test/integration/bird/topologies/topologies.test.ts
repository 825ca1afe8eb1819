import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyName } from '../../../../src/core/model/policy-name.js';
import { openRtrCache } from '../../../../src/lab/rtr-server.js';
import { accepts, sends } from '../../../unit/topologies/filters.js';
import { isValleyFree, ourAs, ourPart, randomTopology } from '../../../unit/topologies/topology.js';
import { sessionWith } from '../routers/outside-session.js';
import { join, Routers } from '../routers/routers.js';
import { serveInside } from '../routers/rtr-relay.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from '../routers/three-nodes.js';
import { externalConfig } from './external-bird.js';

// Samples of the random topologies of test/unit/topologies, with a real BIRD for each router.
// All four policies, leaks, hijacks, and customers of customers with and without ROAs.
const samples = [49, 55];
const size = 7;
const cachePort = 8282;
const policyNames: readonly PolicyName[] = ['full', 'peer', 'upstream', 'downstream'];

interface Seen {
  readonly prefix: string;
  readonly protocol: string;
  readonly path: readonly number[];
  /** The kind of session that it was learned by, at whichever of our nodes. */
  readonly learned: PolicyName | undefined;
}

/** The routes in an answer to `show route ... all`; one without a network has that of the one before. */
function routesIn(answer: string): Seen[] {
  const found: Seen[] = [];
  let prefix = '';
  for (const block of answer.split(/\n(?=\S*\s+(?:unicast|unreachable|blackhole) \[)/).slice(1)) {
    const [, network = '', protocol = ''] = /^(\S*)\s+\w+ \[(\w+)/.exec(block) ?? [];
    prefix = network || prefix;
    const path = (/_path: *([\d ]*)/.exec(block)?.[1] ?? '').trim().split(' ').filter(Boolean).map(Number);
    const kind = /\(4242420998, 9001, (\d)\)/.exec(block)?.[1];
    found.push({ prefix, protocol, path, learned: policyNames[Number(kind ?? Number.NaN)] });
  }
  return found;
}

describe.each(samples)('random topology %i', (seed) => {
  const topology = randomTopology(seed, size);
  const { externals, links } = topology;
  const sessions = externals.flatMap((external) =>
    external.session ? [{ external, ...external.session, protocol: `dn42_${external.as}` }] : [],
  );
  const routers = new Routers();
  const nodes = {} as Record<NodeId, RunningBird>;
  const birds = new Map<number, RunningBird>();
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const hosts = await openThreeHosts(routers);
    const there = new Map(
      await Promise.all(
        externals.map(async ({ as, number }) => [as, await routers.open(`external${number}`)] as const),
      ),
    );
    const hostOf = (as: number) => there.get(as) ?? hosts[1];
    for (const { external, node } of sessions) {
      const { as, number } = external;
      await join(
        { host: hosts[node], interface: `wg_${number}`, address: 'fe80::998' },
        { host: hostOf(as), interface: 'to_node', address: `fe80::${number}` },
      );
    }
    for (const [one, other] of links)
      await join(
        { host: hostOf(one.as), interface: `to_${other.number}`, address: `fe80::${one.number}` },
        { host: hostOf(other.as), interface: `to_${one.number}`, address: `fe80::${other.number}` },
      );
    for (const external of externals)
      birds.set(
        external.as,
        await routers.start(hostOf(external.as), { 'bird.conf': externalConfig(external, topology) }),
      );
    const roas = externals.filter(({ hasRoa }) => hasRoa);
    const cache = openRtrCache(roas.map(({ prefix, as }) => ({ prefix, maxLength: 24, asn: as })));
    for (const id of nodeIds) {
      closing.push(await serveInside(hosts[id], cachePort, cache));
      const routing = routingOf(id, await installedVersion());
      const tree = await treeOf({
        ...routing,
        policy: {
          ...routing.policy,
          asPathMaxLength: 20,
          rpkiServers: [{ name: 'test', host: '127.0.0.1', port: cachePort }],
        },
        sessions: sessions
          .filter(({ node }) => node === id)
          .map(({ external, policy }) =>
            sessionWith({ number: external.number, as: external.as, announces: [] }, { policy }),
          ),
      });
      nodes[id] = await routers.start(hosts[id], tree);
    }
  });

  afterAll(async () => {
    for (const close of closing) await close();
    await routers.close();
  });

  const routesAt = async (bird: RunningBird | undefined, query: string) =>
    routesIn((await bird?.ask(`show route ${query} all`)) ?? '').filter(
      ({ prefix }) => !prefix.includes(':'),
    );
  const allRoutes = async () =>
    JSON.stringify(
      await Promise.all([...Object.values(nodes), ...birds.values()].map((bird) => routesAt(bird, ''))),
    );

  it('converges', async () => {
    const established = async () =>
      (await Promise.all(Object.values(nodes).map((node) => node.ask('show protocols'))))
        .flatMap((answer) => answer.split('\n'))
        .filter((line) => /^(?:dn42|ibgp|moenet_rpki)_.*Established/.test(line)).length;
    // Two iBGP sessions with an end at each of two nodes, and the RPKI cache at all three.
    await expect.poll(established, { timeout: 40_000, interval: 250 }).toBe(sessions.length + 4 + 3);
    // What the mesh does not lead to yet is announced to nobody.
    const unreachable = async () =>
      (
        await Promise.all(
          Object.values(nodes).map((node) =>
            node.ask('show route where source = RTS_BGP && dest = RTD_UNREACHABLE'),
          ),
        )
      ).filter((answer) => answer.includes('unreachable'));
    await expect.poll(unreachable, { timeout: 40_000, interval: 250 }).toEqual([]);
    let last = '';
    let sameFor = 0;
    const quiet = async () => {
      const now = await allRoutes();
      sameFor = now === last ? sameFor + 1 : 0;
      last = now;
      return sameFor;
    };
    await expect.poll(quiet, { timeout: 40_000, interval: 500 }).toBeGreaterThan(8);
  });

  it.each(sessions)(
    'accepts from AS$external.as at node $node, policy $policy, what the model of the filters does',
    async (session) => {
      const bird = nodes[session.node];
      const accepted = await routesAt(bird, `protocol ${session.protocol}`);
      const refused = await routesAt(bird, `filtered protocol ${session.protocol}`);
      const verdict = (routes: readonly Seen[]) =>
        routes.map((route) => accepts(route, session.external, topology));
      expect(accepted.length).toBeGreaterThan(0);
      expect(verdict(accepted)).toEqual(accepted.map(() => true));
      expect(verdict(refused)).toEqual(refused.map(() => false));
    },
  );

  it.each(sessions)(
    'sends to AS$external.as at node $node, policy $policy, what the model of the filters does',
    async (session) => {
      const bird = nodes[session.node];
      const sent = (await routesAt(bird, `export ${session.protocol}`)).map(({ prefix }) => prefix);
      const best = await routesAt(bird, 'primary');
      const wanted = best
        .filter(
          ({ learned, protocol }) =>
            learned && protocol !== session.protocol && sends(learned, session.policy),
        )
        .map(({ prefix }) => prefix);
      expect(sent.toSorted()).toEqual([...wanted, '172.22.188.0/26'].sort());
    },
  );

  it('has something to refuse', async () => {
    const refused = (await Promise.all(nodeIds.map((id) => routesAt(nodes[id], 'filtered')))).flat();
    expect(refused.map(({ prefix }) => prefix)).toContain(ourPart);
    expect(refused.filter(({ path }) => path.length > 1).length).toBeGreaterThan(2);
  });

  it('has no route that takes a valley, and nobody’s part of our own block', async () => {
    const valleys = await Promise.all(
      externals.map(async ({ as }) => {
        const routes = (await routesAt(birds.get(as), '')).filter(({ path }) => path.length > 0);
        return routes.filter(({ path }) => !isValleyFree(path, as, topology));
      }),
    );
    expect(valleys.flat()).toEqual([]);
    const ours = await Promise.all(nodeIds.map((id) => routesAt(nodes[id], '')));
    expect(ours.flat().filter(({ path }) => !isValleyFree(path, ourAs, topology))).toEqual([]);
    expect(ours.flat().filter(({ prefix }) => prefix === ourPart)).toEqual([]);
  });
});
