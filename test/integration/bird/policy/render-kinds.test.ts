import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyName } from '../../../../src/core/model/policy-name.js';
import { documented } from '../../../unit/core/render/routings.js';
import { type Outside, routeDetails } from '../routers/outside.js';
import { sessionWith, startOutside } from '../routers/outside-session.js';
import { Routers } from '../routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from '../routers/running-bird.js';

// All neighbors announce the same network. The better the kind, the longer its path, and only the worst are in our region.
const network = '172.21.1.0/24';
const ourRegion = '(64511, 50)';

function neighbor(number: number, policy: PolicyName, prepended: number, preference: number) {
  const as = 4242420000 + number;
  const communities = policy === 'full' || policy === 'downstream' ? [ourRegion] : [];
  const announces = [{ prefix: network, path: Array(prepended).fill(as), communities }];
  const outside: Outside = { number, as, announces };
  return { ...outside, policy, preference };
}

const customer = neighbor(1, 'upstream', 3, 200);
const peer = neighbor(2, 'peer', 2, 150);
const provider = neighbor(3, 'downstream', 0, 120);
const partner = neighbor(4, 'full', 1, 120);
/** The best first. */
const neighbors = [customer, peer, provider, partner];

const routers = new Routers();
let node: RunningBird;

beforeAll(async () => {
  const host = await routers.open('node', ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']);
  for (const each of neighbors) await startOutside(routers, host, each);
  node = await routers.start(
    host,
    await treeOf({
      ...documented,
      birdVersion: await installedVersion(),
      policy: { ...documented.policy, rpkiServers: [] },
      sessions: neighbors.map((each) => sessionWith(each, { policy: each.policy })),
      ibgpPeers: [],
      meshInterfaces: [],
    }),
  );
});

afterAll(() => routers.close());

const soon = { timeout: 30_000, interval: 200 };
const protocolOf = ({ as }: Outside) => `dn42_${as}`;
const best = async () => /\[(\w+) /.exec(await node.ask(`show route ${network} primary`))?.[1];

describe('a network that neighbors of all kinds announce', () => {
  it.each(neighbors)('has local preference $preference from policy $policy', async (from) => {
    const preference = async () =>
      (await routeDetails(node, `${network} protocol ${protocolOf(from)}`).catch(() => undefined))
        ?.localPreference;
    await expect.poll(preference, soon).toBe(from.preference);
  });

  it('is reached by a customer, else by a peer, else by a provider or partner, whatever path and region', async () => {
    for (const from of neighbors) {
      await expect.poll(best, soon).toBe(protocolOf(from));
      await node.ask(`disable ${protocolOf(from)}`);
    }
  });
});
