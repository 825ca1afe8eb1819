import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBird } from '../../../src/adapters/bird/open-bird.js';
import { protocolDetails } from '../../../src/core/explain/protocol-details.js';
import { explainRoute, type RouteContext } from '../../../src/core/explain/route/explain-route.js';
import type { RouteExplanation } from '../../../src/core/explain/route/route-explanation.js';
import { parseRouteTarget } from '../../../src/core/lookups/target.js';
import { isIbgpProtocolName, kernelNames } from '../../../src/core/model/names.js';
import { openRtrCache } from '../../../src/lab/rtr-server.js';
import { run } from '../../../src/platform/exec.js';
import type { RouteTables } from '../../../src/shell/ports/bird.js';
import { sessionWith, startOutside } from './routers/outside-session.js';
import { Routers } from './routers/routers.js';
import { serveInside } from './routers/rtr-relay.js';
import { installedVersion, type RunningBird, treeOf } from './routers/running-bird.js';
import { openThreeHosts, routingOf } from './routers/three-nodes.js';

const ours = 4242420998;
const [both, ofCustomer, notTheirs, noDn42, invalid, toNoPeer] = [
  '172.21.11.0/24',
  '172.21.13.0/24',
  '172.21.12.0/24',
  '192.0.2.0/24',
  '172.21.50.0/24',
  '172.21.14.0/24',
];
const neighbors = [
  {
    number: 11,
    as: 4242420011,
    policy: 'peer',
    announces: [
      { prefix: both },
      { prefix: notTheirs, path: [4242420099] },
      { prefix: noDn42 },
      { prefix: invalid },
    ],
  },
  {
    number: 12,
    as: 4242420012,
    policy: 'downstream',
    announces: [{ prefix: both, path: [4242420011], communities: ['(64511, 5)'] }],
  },
  {
    number: 13,
    as: 4242420013,
    policy: 'upstream',
    announces: [{ prefix: ofCustomer }, { prefix: toNoPeer, largeCommunities: [`(${ours}, 9120, 1)`] }],
  },
] as const;
const protocolOf = (number: number) => `dn42_42424200${number}`;

const cachePort = 8282;
const cache = openRtrCache([
  { prefix: both, maxLength: 24, asn: 4242420011 },
  { prefix: invalid, maxLength: 24, asn: 4242420099 },
]);
const routers = new Routers();
let node: RunningBird;
let tables: RouteTables;
let closeCache = async () => {};

beforeAll(async () => {
  const hosts = await openThreeHosts(routers);
  closeCache = await serveInside(hosts[1], cachePort, cache);
  const routing = routingOf(1, await installedVersion());
  node = await routers.start(
    hosts[1],
    await treeOf({
      ...routing,
      policy: {
        ...routing.policy,
        rpkiServers: [{ name: 'test', host: '127.0.0.1', port: cachePort }],
      },
      sessions: neighbors.map((each) => sessionWith(each, { policy: each.policy })),
    }),
  );
  const controlSocket = `/proc/${hosts[1].pid}/root/run/bird/bird.ctl`;
  ({ tables } = openBird({ controlSocket, configDir: '/nonexistent', mode: 'full', run }));
  const known = async (question: string, words: RegExp) =>
    vi.waitFor(async () => expect(await node.ask(question)).toMatch(words), {
      timeout: 40_000,
      interval: 250,
    });
  // Before the routes: on a busy machine BIRD 3.4 once lost a route that it accepted first and refused when the ROAs came.
  await known('show route table moenet_roa4', /172\.21\.50\.0/);
  for (const each of neighbors) await startOutside(routers, hosts[1], each);
  await known(`show route ${both}`, /0011[\s\S]*0012|0012[\s\S]*0011/);
  await known(`show route ${ofCustomer}`, /0013/);
  await known(`show route filtered ${invalid}`, /0011/);
  // What is sent lags behind what is known.
  for (const [protocol, network] of [
    [protocolOf(11), ofCustomer],
    [protocolOf(12), ofCustomer],
    [protocolOf(12), toNoPeer],
    [protocolOf(13), both],
    [kernelNames.ipv4, both],
  ] as const)
    await known(`show route ${network} export ${protocol}`, /\[dn42_/);
});

afterAll(async () => {
  await closeCache();
  await routers.close();
});

async function explain(text: string): Promise<RouteExplanation> {
  const target = parseRouteTarget(text);
  if (target.kind === 'name') throw new Error('no name');
  const to = target.kind === 'prefix' ? target.prefix : target.address;
  const sessions = neighbors.map(({ as, policy }) => ({ protocol: `dn42_${as}`, asn: as, policy }));
  const protocols = [...sessions.map(({ protocol }) => protocol), 'ibgp_2', kernelNames.ipv4];
  const context: RouteContext = {
    to,
    asn: ours,
    communities: {},
    largeCommunities: {},
    nodes: new Map([[1, 'jp1']]),
    sessions,
    names: new Map([
      ['ibgp_2', 'node 2 (de1)'],
      [kernelNames.ipv4, 'the kernel'],
    ]),
    isIbgp: isIbgpProtocolName,
  };
  return explainRoute(await tables.explain(to, protocols), context);
}

const target = ({ targets }: RouteExplanation, protocol: string) =>
  targets.find((each) => each.protocol === protocol);

describe('the routes to a prefix', () => {
  it.each([both, '172.21.11.7'])('say which is used and by which step of the choice: %s', async (to) => {
    const explanation = await explain(to);
    expect(explanation.network).toBe(both);
    expect(explanation.routes.map(({ protocol, state, why }) => [protocol, state, why])).toEqual([
      [protocolOf(11), 'used', 'better than the next: higher local preference: 150 against 100'],
      [protocolOf(12), 'spare', 'the used one is better: higher local preference: 150 against 100'],
    ]);
    expect(explanation.routes[1]?.communities).toContain(
      '(64511, 5) latency tier 4: up to 148 ms on the slowest link',
    );
    expect(explanation.routes[0]?.communities).toContain(`(${ours}, 9003, 1) came in at node 1 (jp1)`);
  });

  it('say what the ROAs say', async () => {
    const { roas, routes } = await explain(both);
    expect(roas).toEqual(['172.21.11.0/24 up to /24: AS4242420011']);
    expect(routes.map(({ roa }) => roa)).toEqual(['valid', 'valid']);
    expect((await explain(ofCustomer)).routes[0]?.roa).toBe('unknown');
  });

  it('say to whom it goes, and by which rule not', async () => {
    const explanation = await explain(both);
    expect(target(explanation, protocolOf(13))).toMatchObject({ isSent: true, why: undefined });
    expect(target(explanation, protocolOf(11))?.why).toMatch(/^it came from this neighbor/);
    expect(target(explanation, protocolOf(12))?.why).toMatch(
      /^it came from a peer, and this neighbor is a provider/,
    );
    expect(target(explanation, kernelNames.ipv4)?.isSent).toBe(true);
    expect(target(explanation, 'ibgp_2')).toMatchObject({
      isSent: false,
      why: 'it is not up',
      to: 'node 2 (de1)',
    });
    const customers = await explain(ofCustomer);
    for (const number of [11, 12]) expect(target(customers, protocolOf(number))?.isSent).toBe(true);
  });

  it('say that a customer asks not to send it', async () => {
    const explanation = await explain(toNoPeer);
    expect(target(explanation, protocolOf(11))?.why).toMatch(/asks not to announce it to such sessions/);
    expect(target(explanation, protocolOf(12))?.isSent).toBe(true);
  });

  it.each([
    [notTheirs, /does not originate it/],
    ['172.21.12.9', /does not originate it/],
    [noDn42, /none that DN42 allows/],
    [invalid, /the ROAs forbid this origin/],
  ])('say why the import filter refused it: %s', async (to, why) => {
    const { network, routes, targets } = await explain(to);
    expect(network).toBeUndefined();
    expect(routes).toEqual([expect.objectContaining({ state: 'refused', why: expect.stringMatching(why) })]);
    expect(targets).toEqual([]);
  });

  it('say that nobody announces it', async () => {
    expect(await explain('172.23.99.0/24')).toMatchObject({
      routes: [],
      summary: expect.stringContaining('nobody announces it'),
    });
  });

  it('say that a larger one leads there', async () => {
    const { summary, network } = await explain('172.21.11.128/25');
    expect(network).toBe(both);
    expect(summary).toContain('by the route to 172.21.11.0/24, for there is none to 172.21.11.128/25 itself');
  });

  it('are our own, too', async () => {
    const explanation = await explain('172.22.188.0/26');
    expect(explanation.routes[0]).toMatchObject({ state: 'used', protocol: 'moenet_own_v4' });
    for (const { number } of neighbors) expect(target(explanation, protocolOf(number))?.isSent).toBe(true);
  });
});

describe('one session', () => {
  it('has its refused routes by reason, with examples', async () => {
    const refused = await tables.refused(protocolOf(11), ours);
    expect([...refused].sort((a, b) => (a.reason ?? 0) - (b.reason ?? 0))).toEqual([
      { reason: 1, count: 1, examples: [noDn42] },
      { reason: 5, count: 1, examples: [notTheirs] },
      { reason: 8, count: 1, examples: [invalid] },
    ]);
    expect(await tables.refused(protocolOf(13), ours)).toEqual([]);
  });

  it('counts with all others by reason, until no refused route is left', async () => {
    expect(await tables.countRefused(ours, 3)).toEqual(
      new Map([1, 2, 3, 4, 5, 6, 7, 8].map((reason) => [reason, [1, 5, 8].includes(reason) ? 1 : 0])),
    );
    expect(await tables.countRefused(ours, 0)).toEqual(new Map());
    const withOthers = await tables.countRefused(ours, 4);
    expect([...withOthers.values()].reduce((sum, count) => sum + count)).toBe(3);
  });

  it('has what both ends offer, and its timers', async () => {
    const { capabilities, timers } = protocolDetails(await tables.protocol(protocolOf(11)));
    expect(capabilities?.own).toEqual(expect.arrayContaining(['Multiprotocol (ipv4 ipv6)', 'Role: peer']));
    expect(capabilities?.neighbor).toContain('Extended next hop (ipv4)');
    expect(capabilities?.neighbor).not.toContain('Role: peer');
    // BIRD 3 has a third, for a neighbor that reads nothing (RFC 9687).
    expect(timers.slice(0, 2)).toEqual([
      expect.stringMatching(/^Hold timer: \d+ s left of 90 s$/),
      expect.stringMatching(/^Keepalive timer: \d+ s left of 30 s$/),
    ]);
  });

  it('has no lines where BIRD does not have it', async () => {
    expect(await tables.protocol('dn42_4242429999')).toEqual([]);
  });
});
