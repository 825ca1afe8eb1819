import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Namespace } from '../../../src/lab/namespace.js';
import { documented } from '../../unit/core/render/routings.js';
import { type Outside, routeDetails } from './routers/outside.js';
import { sessionWith, startOutside } from './routers/outside-session.js';
import { Routers } from './routers/routers.js';
import { type RunningBird, treeOf } from './routers/running-bird.js';

/** Announces with communities that only we may set, and with the graceful shutdown of its own link. */
const neighbor: Outside = {
  number: 1,
  as: 4242420001,
  announces: ['172.21.1.0/24', 'fd42:1::/48'].map((prefix) => ({
    prefix,
    communities: ['(65535, 0)'],
    largeCommunities: ['(4242420998, 9001, 2)', '(4242420998, 1, 400)', '(4242420001, 9001, 2)'],
  })),
};
const listener: Outside = { number: 2, as: 4242420002, announces: [] };

const routers = new Routers();
let node: { readonly host: Namespace; readonly bird: RunningBird };
let listening: RunningBird;

beforeAll(async () => {
  const host = await routers.open('node', ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']);
  await startOutside(routers, host, neighbor);
  listening = (await startOutside(routers, host, listener)).bird;
  const policy = { ...documented.policy, rpkiServers: [] };
  const sessions = [sessionWith(neighbor), sessionWith(listener)];
  const tree = await treeOf({ ...documented, policy, sessions, ibgpPeers: [], meshInterfaces: [] });
  node = { host, bird: await routers.start(host, tree) };
});

afterAll(() => routers.close());

// A session comes up within some 6 s (BIRD's connect delay), and routes follow.
const soon = { timeout: 30_000, interval: 200 };
const largeCommunitiesOf = (bird: RunningBird) => async () =>
  (await routeDetails(bird, '172.21.1.0/24').catch(() => undefined))?.largeCommunities;
// On BIRD 3 a route was seen in its table up to half a second before it was in the kernel.
const inKernel =
  (...args: readonly string[]) =>
  async () =>
    (await node.host.run('ip', args)).stdout;

describe('a real BIRD with the rendered configuration', () => {
  it('removes our communities from received routes, and leaves those of others alone', async () => {
    const ours = largeCommunitiesOf(node.bird);
    await expect.poll(ours, soon).toEqual(expect.arrayContaining(['4242420998,9001,0', '4242420001,9001,2']));
    expect(await ours()).not.toContain('4242420998,9001,2');
    expect(await ours()).not.toContain('4242420998,1,400');
  });

  it('tells a neighbor where a route came in, and nothing internal', async () => {
    const theirs = largeCommunitiesOf(listening);
    await expect
      .poll(theirs, soon)
      .toEqual(['4242420001,9001,2', '4242420998,1,100', '4242420998,2,101', '4242420998,5,1000']);
  });

  it('honours the shutdown of a neighbor’s link and does not pass it on as if it were ours', async () => {
    expect((await routeDetails(node.bird, '172.21.1.0/24')).localPreference).toBe(0);
    expect((await routeDetails(listening, '172.21.1.0/24')).communities).not.toContain('65535,0');
  });

  it('gives the kernel IPv4 routes over IPv6 next hops, with our own source address', async () => {
    const ipv4 = inKernel('route', 'show', '172.21.1.0/24');
    await expect.poll(ipv4, soon).toContain('via inet6 fe80::1 dev wg_1 proto bird src 172.22.188.1');
    const ipv6 = inKernel('-6', 'route', 'show', 'fd42:1::/48');
    const wanted = 'via fe80::1 dev wg_1 proto bird src fd00:4242:7777:101:1::1';
    await expect.poll(ipv6, soon).toContain(wanted);
  });

  it('drops packets to our unused addresses in the kernel', async () => {
    const unreachable = inKernel('route', 'show', 'type', 'unreachable');
    await expect.poll(unreachable, soon).toContain('172.22.188.0/26');
  });
});
