import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ebgpOptions } from '../../../../src/core/model/bgp-options.js';
import type { PolicyName } from '../../../../src/core/model/policy-name.js';
import { documented } from '../../../unit/core/render/routings.js';
import type { Outside } from '../routers/outside.js';
import { sessionWith, startOutside } from '../routers/outside-session.js';
import { Routers } from '../routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';

interface Neighbor extends Outside {
  readonly policy: PolicyName;
  /** Theirs, where they have one. */
  readonly role?: string;
}

// A neighbor that was refused would wait for a minute.
const patience = 'error wait time 1, 1;';

function neighbor(number: number, policy: PolicyName, role?: string): Neighbor {
  const announces = [{ prefix: `172.21.${number}.0/24` }, { prefix: `fd42:${number}::/48` }];
  const also = role ? `local role ${role}; ${patience}` : '';
  return { number, as: 4242420000 + number, announces, policy, also, ...(role ? { role } : {}) };
}

const customer = neighbor(1, 'upstream', 'customer');
const peer = neighbor(2, 'peer', 'peer');
const provider = neighbor(3, 'downstream', 'provider');
const partner = neighbor(4, 'full');
/** Without a role, and with a route from a provider of theirs, who marked it for customers only. */
const leaking: Neighbor = {
  ...neighbor(5, 'upstream'),
  announces: [
    { prefix: '172.21.5.0/24' },
    { prefix: '172.21.105.0/24', statements: 'bgp_otc = 4242429999;' },
  ],
};
/** They take us for their provider. */
const mistaken = neighbor(6, 'peer', 'customer');
const neighbors = [customer, peer, provider, partner, leaking];

const routers = new Routers();
const birds = new Map<number, RunningBird>();
let node: RunningBird;

async function treeWith(refusesRole: boolean) {
  const birdVersion = await installedVersion();
  return treeOf({
    ...documented,
    birdVersion,
    policy: { ...documented.policy, rpkiServers: [] },
    sessions: [
      ...neighbors.map((each) => sessionWith(each, { policy: each.policy })),
      {
        ...sessionWith(mistaken, { policy: mistaken.policy }),
        options: ebgpOptions(refusesRole ? undefined : mistaken.policy, birdVersion),
      },
    ],
    ibgpPeers: [],
    meshInterfaces: [],
  });
}

beforeAll(async () => {
  const host = await routers.open('node', ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']);
  for (const each of [...neighbors, mistaken])
    birds.set(each.number, (await startOutside(routers, host, each)).bird);
  node = await routers.start(host, await treeWith(false));
});

afterAll(() => routers.close());

const soon = { timeout: 30_000, interval: 200 };
const stateOf = ({ as }: Neighbor) => node.ask(`show protocols all dn42_${as}`);
const received = async ({ number }: Neighbor) =>
  (await birds.get(number)?.networks('show route protocol node')) ?? [];
const networksOf = (...of: readonly Neighbor[]) =>
  of.flatMap(({ announces }) => announces.map(({ prefix }) => prefix));
const own = ['172.22.188.0/26', 'fd00:4242:7777::/48'];

describe('BGP roles', () => {
  it.each(neighbors)(
    'let a session with policy $policy come up whose neighbor has role $role',
    async (each) => {
      await expect.poll(() => stateOf(each), soon).toContain('Established');
    },
  );

  it('leave the policy table as it is', async () => {
    const everything = networksOf(customer, peer, provider, partner);
    const goes: readonly (readonly [Neighbor, readonly string[]])[] = [
      [customer, networksOf(peer, provider, partner)],
      [peer, networksOf(customer)],
      [provider, networksOf(customer)],
      [partner, networksOf(customer, peer, provider)],
    ];
    for (const [to, networks] of goes) {
      await expect.poll(() => received(to), soon).toEqual(expect.arrayContaining([...own, ...networks]));
      const others = everything.filter((network) => !networks.includes(network));
      expect((await received(to)).filter((network) => others.includes(network))).toEqual([]);
    }
  });

  it('mark our routes for peers and customers, who may pass them on to their customers only', async () => {
    const markAt = async ({ number }: Neighbor) =>
      /otc: (\d+)/.exec((await birds.get(number)?.ask(`show route ${own[0]} all`)) ?? '')?.[1];
    expect(await markAt(peer)).toBe('4242420998');
    expect(await markAt(customer)).toBe('4242420998');
    expect(await markAt(provider)).toBeUndefined();
  });

  it('refuse what a customer leaks from its provider', async () => {
    const accepted = () => node.networks(`show route protocol dn42_${leaking.as}`);
    await expect.poll(accepted, soon).toEqual(['172.21.5.0/24']);
  });

  it('keep a neighbor out that takes us for somebody else, until the agent does without', async () => {
    await expect.poll(() => stateOf(mistaken), soon).toMatch(/Last error: .*Role mismatch/);
    await node.configure(await treeWith(true));
    await expect.poll(() => stateOf(mistaken), soon).toContain('Established');
  });
});
