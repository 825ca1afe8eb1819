import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyName } from '../../../src/core/model/session.js';
import type { Outside } from './routers/outside.js';
import { sessionWith, startOutside } from './routers/outside-session.js';
import { Routers } from './routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from './routers/running-bird.js';
import { nodeIds, openThreeHosts, routingOf } from './routers/three-nodes.js';

const policies: readonly PolicyName[] = ['full', 'peer', 'upstream', 'downstream'];

// The policy table of docs/interface.md, cell by cell.
const accepts: Readonly<Record<PolicyName, { readonly originated: boolean; readonly other: boolean }>> = {
  full: { originated: true, other: true },
  peer: { originated: true, other: false },
  upstream: { originated: true, other: false },
  downstream: { originated: true, other: true },
};
/** Who gets routes that were learned from a session with the policy in front. */
const goesTo: Readonly<Record<PolicyName, readonly PolicyName[]>> = {
  full: ['full', 'upstream'],
  peer: ['full', 'upstream'],
  upstream: ['full', 'peer', 'upstream', 'downstream'],
  downstream: ['full', 'upstream'],
};

const own = ['172.22.188.0/26', 'fd00:4242:7777::/48'];

interface Announcer extends Outside {
  readonly policy: PolicyName;
  readonly originated: readonly string[];
  readonly other: readonly string[];
}

/** Announces what it originates, prepended once, and what it has from somebody else. */
const announcers = policies.map((policy, index): Announcer => {
  const number = index + 1;
  const as = 4242420000 + number;
  const originated = [`172.21.${number}.0/24`, `fd42:${number}::/48`];
  const other = [`172.21.10${number}.0/24`, `fd42:10${number}::/48`];
  const announces = [
    ...originated.map((prefix) => ({ prefix, path: [as] })),
    ...other.map((prefix) => ({ prefix, path: [4242429999] })),
  ];
  return { policy, number, as, originated, other, announces };
});

/** A listener of each policy at node 1, where the announcers are, and at node 3, behind the reflector. */
const listeners = ([1, 3] as const).flatMap((node) =>
  policies.map((policy, index) => {
    const number = node * 10 + index;
    return { node, policy, number, as: 4242420000 + number, announces: [] };
  }),
);

const outsiders = [...announcers.map((announcer) => ({ ...announcer, node: 1 as const })), ...listeners];

const routers = new Routers();
const nodes = new Map<number, RunningBird>();
const birds = new Map<number, RunningBird>();

beforeAll(async () => {
  const hosts = await openThreeHosts(routers);
  for (const outsider of outsiders) {
    const { bird } = await startOutside(routers, hosts[outsider.node], outsider);
    birds.set(outsider.number, bird);
  }
  const version = await installedVersion();
  for (const id of nodeIds) {
    const sessions = outsiders
      .filter(({ node }) => node === id)
      .map((outsider) => sessionWith(outsider, { policy: outsider.policy }));
    const tree = await treeOf({ ...routingOf(id, version), sessions });
    nodes.set(id, await routers.start(hosts[id], tree));
  }
});

afterAll(() => routers.close());

// iBGP comes up after Babel has brought the loopbacks.
const soon = { timeout: 40_000, interval: 500 };
const received = async (number: number) =>
  (await birds.get(number)?.networks('show route protocol node')) ?? [];

describe.each(announcers)('from a neighbor with policy $policy', ({ policy, as, originated, other }) => {
  const accepted = async () => (await nodes.get(1)?.networks(`show route protocol dn42_${as}`)) ?? [];

  it(`${accepts[policy].originated ? 'accepts' : 'refuses'} what it originates`, async () => {
    await expect.poll(accepted, soon).toEqual(expect.arrayContaining([...originated]));
  });

  it(`${accepts[policy].other ? 'accepts' : 'refuses'} what it has from others`, async () => {
    const wanted = accepts[policy].other ? [...originated, ...other] : originated;
    await expect.poll(accepted, soon).toEqual(wanted.toSorted());
  });
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
      const sent = [...from.originated, ...(accepts[from.policy].other ? from.other : [])];
      // The customer's routes go everywhere: once they are there, so is what else may come.
      const customers = announcers.find(({ policy }) => policy === 'upstream')?.originated ?? [];
      const present = [...own, ...customers, ...(goes ? sent : [])];
      await expect.poll(() => received(to.number), soon).toEqual(expect.arrayContaining(present));
      const refused = [...from.originated, ...from.other].filter((prefix) => !goes || !sent.includes(prefix));
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
        sessionWith(outsider, { policy: outsider.number === full.number ? 'upstream' : outsider.policy }),
      );
    await nodes.get(1)?.configure(await treeOf({ ...routingOf(1, await installedVersion()), sessions }));
    await expect
      .poll(() => received(peerListener.number), soon)
      .toEqual(expect.arrayContaining([...full.originated]));
    expect(await received(peerListener.number)).not.toEqual(expect.arrayContaining([...full.other]));
    expect(await established()).toEqual(before);
  });
});
