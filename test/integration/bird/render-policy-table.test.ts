import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ebgpOptions } from '../../../src/core/model/bgp-options.js';
import type { PolicyName } from '../../../src/core/model/policy-name.js';
import type { RoutedSession, Routing } from '../../../src/core/model/routing.js';
import { openRtrCache } from '../../../src/lab/rtr-server.js';
import type { Outside } from './routers/outside.js';
import { sessionWith, startOutside } from './routers/outside-session.js';
import { Routers } from './routers/routers.js';
import { serveInside } from './routers/rtr-relay.js';
import { installedVersion, type RunningBird, treeOf } from './routers/running-bird.js';
import { type NodeId, nodeIds, openThreeHosts, routingOf } from './routers/three-nodes.js';

const policies: readonly PolicyName[] = ['full', 'peer', 'upstream', 'downstream'];

// The policy table of docs/interface.md, cell by cell.
type Sort = 'originated' | 'proven' | 'other';
const accepts: Readonly<Record<PolicyName, Readonly<Record<Sort, boolean>>>> = {
  full: { originated: true, proven: true, other: true },
  peer: { originated: true, proven: false, other: false },
  upstream: { originated: true, proven: true, other: false },
  downstream: { originated: true, proven: true, other: true },
};
const sorts: readonly (readonly [Sort, string])[] = [
  ['originated', 'what it originates'],
  ['proven', 'what it has from an origin that a ROA names'],
  ['other', 'what it has from others'],
];
/** Who gets routes that were learned from a session with the policy in front. */
const goesTo: Readonly<Record<PolicyName, readonly PolicyName[]>> = {
  full: ['full', 'upstream'],
  peer: ['full', 'upstream'],
  upstream: ['full', 'peer', 'upstream', 'downstream'],
  downstream: ['full', 'upstream'],
};

const own = ['172.22.188.0/26', 'fd00:4242:7777::/48'];

interface Announcer extends Outside, Readonly<Record<Sort, readonly string[]>> {
  readonly policy: PolicyName;
}

const provenOrigin = 4242429998;

/** Announces what it originates, prepended once, and what it has from two others, of whom a ROA names one. */
const announcers = policies.map((policy, index): Announcer => {
  const number = index + 1;
  const as = 4242420000 + number;
  const originated = [`172.21.${number}.0/24`, `fd42:${number}::/48`];
  const proven = [`172.21.20${number}.0/24`, `fd42:20${number}::/48`];
  const other = [`172.21.10${number}.0/24`, `fd42:10${number}::/48`];
  const announces = [
    ...originated.map((prefix) => ({ prefix, path: [as] })),
    ...proven.map((prefix) => ({ prefix, path: [provenOrigin] })),
    ...other.map((prefix) => ({ prefix, path: [4242429999] })),
  ];
  return { policy, number, as, originated, proven, other, announces };
});

/** What a node must accept of it. */
function acceptedFrom(announcer: Announcer): string[] {
  return sorts.flatMap(([sort]) => (accepts[announcer.policy][sort] ? announcer[sort] : []));
}

const cache = openRtrCache(
  announcers.flatMap(({ proven }) =>
    proven.map((prefix) => ({ prefix, maxLength: Number(prefix.split('/')[1]), asn: provenOrigin })),
  ),
);
const cachePort = 8282;

/** A listener of each policy at node 1, where the announcers are, and at node 3, behind the reflector. */
const listeners = ([1, 3] as const).flatMap((node) =>
  policies.map((policy, index) => {
    const number = node * 10 + index;
    return { node, policy, number, as: 4242420000 + number, announces: [] };
  }),
);

const outsiders = [...announcers.map((announcer) => ({ ...announcer, node: 1 as const })), ...listeners];

const routers = new Routers();
let closeCache = async () => {};
const nodes = new Map<number, RunningBird>();
const birds = new Map<number, RunningBird>();

async function routingAt(id: NodeId, sessions: readonly RoutedSession[]): Promise<Routing> {
  const routing = routingOf(id, await installedVersion());
  const rpkiServers = id === 1 ? [{ name: 'test', host: '127.0.0.1', port: cachePort }] : [];
  return { ...routing, policy: { ...routing.policy, rpkiServers }, sessions };
}

beforeAll(async () => {
  const hosts = await openThreeHosts(routers);
  closeCache = await serveInside(hosts[1], cachePort, cache);
  for (const outsider of outsiders) {
    const { bird } = await startOutside(routers, hosts[outsider.node], outsider);
    birds.set(outsider.number, bird);
  }
  for (const id of nodeIds) {
    const sessions = outsiders
      .filter(({ node }) => node === id)
      .map((outsider) => sessionWith(outsider, { policy: outsider.policy }));
    nodes.set(id, await routers.start(hosts[id], await treeOf(await routingAt(id, sessions))));
  }
});

afterAll(async () => {
  await closeCache();
  await routers.close();
});

// iBGP comes up after Babel has brought the loopbacks.
const soon = { timeout: 40_000, interval: 500 };
const received = async (number: number) =>
  (await birds.get(number)?.networks('show route protocol node')) ?? [];

describe.each(announcers)('from a neighbor with policy $policy', (announcer) => {
  const { policy, as } = announcer;
  const accepted = async () => (await nodes.get(1)?.networks(`show route protocol dn42_${as}`)) ?? [];

  it.each(sorts.map(([sort, what]) => [accepts[policy][sort] ? 'accepts' : 'refuses', what, sort] as const))(
    '%s %s',
    async (_, __, sort) => {
      await expect.poll(accepted, soon).toEqual(acceptedFrom(announcer).toSorted());
      const found = await accepted();
      expect(announcer[sort].map((prefix) => found.includes(prefix))).toEqual(
        announcer[sort].map(() => accepts[policy][sort]),
      );
    },
  );
});

describe.each([
  [1, 'of the same node'],
  [3, 'of another node, behind a route reflector'],
])('to neighbors at node %i, %s', (node) => {
  const listenersHere = listeners.filter((listener) => listener.node === node);

  it.each(listenersHere)('sends our own routes to policy $policy', async ({ number }) => {
    await expect.poll(() => received(number), soon).toEqual(expect.arrayContaining(own));
  });

  const cells = announcers.flatMap((from) => listenersHere.map((to) => ({ from, to })));
  for (const { from, to } of cells) {
    const goes = goesTo[from.policy].includes(to.policy);
    it(`${goes ? 'sends' : 'does not send'} what policy ${from.policy} brought to policy ${to.policy}`, async () => {
      const sent = acceptedFrom(from);
      // The customer's routes go everywhere: once they are there, so is what else may come.
      const customers = announcers.filter(({ policy }) => policy === 'upstream').flatMap(acceptedFrom);
      const present = [...own, ...customers, ...(goes ? sent : [])];
      await expect.poll(() => received(to.number), soon).toEqual(expect.arrayContaining(present));
      const all = [...from.originated, ...from.proven, ...from.other];
      const refused = all.filter((prefix) => !goes || !sent.includes(prefix));
      const found = await received(to.number);
      expect(refused.filter((prefix) => found.includes(prefix))).toEqual([]);
    });
  }
});

describe('a session whose policy changes', () => {
  it('gives its routes the new mark at once, without a reset', async () => {
    const full = announcers.find(({ policy }) => policy === 'full');
    const peerListener = listeners.find(({ node, policy }) => node === 3 && policy === 'peer');
    if (!full || !peerListener) throw new Error('there are four policies');
    const established = async () =>
      ((await nodes.get(1)?.ask('show protocols')) ?? '')
        .split('\n')
        .filter((line) => line.includes('Established'));
    const before = await established();
    const sessions = outsiders
      .filter(({ node }) => node === 1)
      .map((outsider) =>
        outsider.number === full.number
          ? // It has no role until it is down: see running-options.ts.
            { ...sessionWith(outsider, { policy: 'upstream' }), options: ebgpOptions(undefined, undefined) }
          : sessionWith(outsider, { policy: outsider.policy }),
      );
    await nodes.get(1)?.configure(await treeOf(await routingAt(1, sessions)));
    await expect
      .poll(() => received(peerListener.number), soon)
      .toEqual(expect.arrayContaining([...full.originated, ...full.proven]));
    expect(await received(peerListener.number)).not.toEqual(expect.arrayContaining([...full.other]));
    expect(await established()).toEqual(before);
  });
});
