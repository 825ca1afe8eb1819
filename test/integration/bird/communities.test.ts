import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../src/core/model/values/secret.js';
import { documented } from '../../unit/core/render/routings.js';
import { type Outside, routeDetails } from './routers/outside.js';
import { sessionWith, startOutside } from './routers/outside-session.js';
import { Routers } from './routers/routers.js';
import { type RunningBird, treeOf } from './routers/running-bird.js';

// A country, a tunnel, some packet loss, East Asia: what passes through. Then what a link changes.
const untouched = ['64511,1392', '64511,83', '64511,92', '64511,52'];
const announced = untouched.map((value) => `(${value.replace(',', ', ')})`);

/** WireGuard, tier 2. */
const plain: Outside = {
  number: 1,
  as: 4242420001,
  announces: [
    // 2 ms, 10 Gbit/s and forward secrecy against a quantum computer, as the wiki has them; two of them are not in the node's table.
    { prefix: '172.21.1.0/24', communities: [...announced, '(64511, 1)', '(64511, 26)', '(64511, 36)'] },
  ],
};
/** WireGuard with a preshared key, tier 4. */
const preshared: Outside = {
  number: 2,
  as: 4242420002,
  announces: [
    { prefix: '172.21.2.0/24', communities: ['(64511, 9)', '(64511, 36)'] },
    { prefix: '172.21.3.0/24' },
    { prefix: '172.21.4.0/24', communities: ['(64511, 31)'] },
  ],
};

const routers = new Routers();
const birds: Record<'node' | 'plain' | 'preshared', RunningBird> = {} as never;

beforeAll(async () => {
  const host = await routers.open('node', ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']);
  birds.plain = (await startOutside(routers, host, plain)).bird;
  birds.preshared = (await startOutside(routers, host, preshared)).bird;
  const sessions = [
    { ...sessionWith(plain), latencyTier: 2 },
    { ...sessionWith(preshared, { presharedKey: new Secret('k'.repeat(43)) }), latencyTier: 4 },
  ];
  birds.node = await routers.start(
    host,
    await treeOf({ ...documented, sessions, ibgpPeers: [], meshInterfaces: [] }),
  );
  const wanted = ['172.21.2.0/24', '172.21.3.0/24', '172.21.4.0/24', '172.22.188.0/26'];
  const at = (bird: RunningBird) => bird.networks('show route protocol node table master4');
  await vi.waitFor(async () => expect(await at(birds.plain)).toEqual(wanted), {
    timeout: 60_000,
    interval: 200,
  });
  await vi.waitFor(async () => expect((await at(birds.preshared))[0]).toBe('172.21.1.0/24'), {
    timeout: 60_000,
    interval: 200,
  });
}, 120_000);

afterAll(() => routers.close());

const valuesAt = async (bird: RunningBird, network: string) => {
  const { communities } = await routeDetails(bird, network);
  return communities.filter((value) => value.startsWith('64511,')).sort();
};
const sorted = (...values: readonly string[]) => [...values].sort();

describe('a route that comes in', () => {
  it.each([
    [
      'over WireGuard has the weakest of what it came with and the link, by the wiki',
      '172.21.1.0/24',
      [...untouched, '64511,3', '64511,23', '64511,34'],
    ],
    [
      'over WireGuard with a preshared key is one better',
      '172.21.2.0/24',
      ['64511,9', '64511,23', '64511,35'],
    ],
    ['with nothing has what the link has', '172.21.3.0/24', ['64511,5', '64511,23', '64511,35']],
    ['unencrypted stays so', '172.21.4.0/24', ['64511,5', '64511,23', '64511,31']],
  ])('%s', async (_, network, wanted) => {
    expect(await valuesAt(birds.node, network)).toEqual(sorted(...wanted));
  });
});

describe('a route that goes out', () => {
  it('has the latency of the slower of both links, and what passes through as it came', async () => {
    expect(await valuesAt(birds.preshared, '172.21.1.0/24')).toEqual(
      sorted(...untouched, '64511,5', '64511,23', '64511,34'),
    );
  });

  it('over a link without a preshared key is as strong as that', async () => {
    expect(await valuesAt(birds.plain, '172.21.3.0/24')).toEqual(sorted('64511,5', '64511,23', '64511,34'));
  });

  it('is our own with what the link has', async () => {
    const own = '172.22.188.0/26';
    expect(await valuesAt(birds.plain, own)).toEqual(sorted('64511,3', '64511,23', '64511,34', '64511,50'));
    expect(await valuesAt(birds.preshared, own)).toEqual(
      sorted('64511,5', '64511,23', '64511,35', '64511,50'),
    );
  });
});
