import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Routing } from '../../../src/core/model/routing.js';
import { asn } from '../../../src/core/model/values/asn.js';
import type { Roa } from '../../../src/lab/rtr-pdu.js';
import { openRtrCache } from '../../../src/lab/rtr-server.js';
import { documented } from '../../unit/core/render/routings.js';
import { makeSession, v6 } from '../../unit/make.js';
import { type Announcement, type Outside, outsideConfig, routeDetails } from './routers/outside.js';
import { join, Routers } from './routers/routers.js';
import { serveInside } from './routers/rtr-relay.js';
import { type RunningBird, treeOf } from './routers/running-bird.js';

const blockedAs = 4242420666;
const roa = (prefix: string, origin: number): Roa => ({
  prefix,
  maxLength: Number(prefix.split('/')[1]),
  asn: origin,
});

// One neighbor that announces all sorts of things, and one that hides itself (a route server).
const neighborAs = 4242420001;
const plain: readonly Announcement[] = [
  { prefix: '172.21.1.0/24' },
  { prefix: 'fd42:1::/48' },
  { prefix: '172.21.2.0/24' },
  { prefix: 'fd42:2::/48' },
];
const refused: readonly (Announcement & { readonly why: string; readonly reason: number })[] = [
  { why: 'no DN42 prefix', reason: 1, prefix: '8.8.8.0/24' },
  { why: 'no DN42 prefix', reason: 1, prefix: '2001:db8::/32' },
  { why: 'a part of our own block', reason: 2, prefix: '172.22.188.0/28' },
  { why: 'a part of our own block', reason: 2, prefix: 'fd00:4242:7777:1::/64' },
  { why: 'our own AS in its path', reason: 3, prefix: '172.21.10.0/24', path: [4242420998, 4242420005] },
  { why: 'a path too long', reason: 4, prefix: '172.21.11.0/24', path: [1, 2, 3, 4, 5] },
  { why: 'a blocked AS in its path', reason: 7, prefix: '172.21.12.0/24', path: [blockedAs, 4242420005] },
  { why: 'another origin than its ROA', reason: 8, prefix: '172.21.13.0/24' },
  { why: 'another origin than its ROA', reason: 8, prefix: 'fd42:13::/48' },
  { why: 'a prefix longer than its ROA allows', reason: 8, prefix: '172.21.14.0/25' },
];
const roas = [
  roa('172.21.1.0/24', neighborAs),
  roa('fd42:1::/48', neighborAs),
  roa('172.21.13.0/24', 4242420005),
  roa('fd42:13::/48', 4242420005),
  roa('172.21.14.0/24', neighborAs),
];

// The link: tier 3 is (64511, 4), 1 Gbit/s is (64511, 23), WireGuard is (64511, 34). Bandwidth 22 is more than 23 here.
const weighed: readonly (Announcement & { readonly what: string; readonly becomes: readonly string[] })[] = [
  {
    what: 'has none: gets the link’s',
    prefix: '172.21.20.0/24',
    becomes: ['64511,4', '64511,23', '64511,34'],
  },
  {
    what: 'is better: gets the link’s',
    prefix: '172.21.21.0/24',
    communities: ['(64511, 2)', '(64511, 22)', '(64511, 34)'],
    becomes: ['64511,4', '64511,23', '64511,34'],
  },
  {
    what: 'is worse: keeps its own',
    prefix: '172.21.22.0/24',
    communities: ['(64511, 9)', '(64511, 24)', '(64511, 31)'],
    becomes: ['64511,9', '64511,24', '64511,31'],
  },
  {
    what: 'has several: keeps the worst of them',
    prefix: '172.21.23.0/24',
    communities: [
      '(64511, 1)',
      '(64511, 6)',
      '(64511, 8)',
      '(64511, 22)',
      '(64511, 25)',
      '(64511, 33)',
      '(64511, 32)',
    ],
    becomes: ['64511,8', '64511,25', '64511,32'],
  },
  {
    what: 'has a region and others’ communities: keeps them',
    prefix: '172.21.24.0/24',
    communities: ['(64511, 41)', '(64511, 1042)', '(65000, 1)'],
    becomes: ['64511,41', '64511,1042', '65000,1', '64511,4', '64511,23', '64511,34'],
  },
];

const shutdown: Announcement = { prefix: '172.21.30.0/24', communities: ['(65535, 0)', '(64511, 50)'] };

const neighbor: Outside = {
  number: 1,
  as: neighborAs,
  announces: [...plain, ...refused, ...weighed, shutdown],
};
const routeServer: Outside = {
  number: 2,
  as: 4242420002,
  announces: [{ prefix: '172.21.40.0/24', path: [4242420005] }],
  also: 'rs client;',
};

const cachePort = 8282;
const routing: Routing = {
  ...documented,
  sessions: [neighbor, routeServer].map(({ number, as }) => ({
    protocol: `dn42_${as}`,
    latencyTier: 3,
    session: makeSession({
      uuid: `s-${number}`,
      asn: asn.parse(as),
      interface: `wg_${number}`,
      ipv6LinkLocal: v6(`fe80::${number}`),
    }),
  })),
  policy: {
    ...documented.policy,
    rpkiServers: [{ name: 'test', host: '127.0.0.1', port: cachePort }],
    blockedAsns: [asn.parse(blockedAs)],
  },
  ibgpPeers: [],
  meshInterfaces: [],
};

const routers = new Routers();
const cache = openRtrCache(roas);
let node: RunningBird;
let closeCache = async () => {};

beforeAll(async () => {
  const host = await routers.open('node', ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']);
  closeCache = await serveInside(host, cachePort, cache);
  for (const outside of [neighbor, routeServer]) {
    const there = await routers.open(`neighbor${outside.number}`);
    await join(
      { host, interface: `wg_${outside.number}`, address: 'fe80::998' },
      { host: there, interface: 'to_node', address: `fe80::${outside.number}` },
    );
    await routers.start(there, { 'bird.conf': outsideConfig(outside) });
  }
  node = await routers.start(host, await treeOf(routing));
});

afterAll(async () => {
  await closeCache();
  await routers.close();
});

// A session comes up within some 6 s (BIRD's connect delay); ROAs are applied within seconds (settle time).
const soon = { timeout: 30_000, interval: 200 };
const accepted = (protocol: string) => () => node.networks(`show route protocol ${protocol}`);
const reasonOf = (network: string) => async () => {
  const { largeCommunities } = await routeDetails(node, `${network} filtered`);
  return largeCommunities.filter((community) => community.startsWith('4242420998,9002,'));
};
const established = async () =>
  (await node.ask('show protocols')).split('\n').filter((line) => line.includes('Established'));

describe('the rendered import filter, on a real BIRD', () => {
  it('accepts what is right', async () => {
    const prefixes = [...plain, ...weighed, shutdown].map(({ prefix }) => prefix).sort();
    await expect.poll(accepted(`dn42_${neighborAs}`), soon).toEqual(prefixes);
  });

  it.each(refused)('refuses $prefix for $why and says so', async ({ prefix, reason }) => {
    await expect.poll(reasonOf(prefix), soon).toEqual([`4242420998,9002,${reason}`]);
  });

  it('refuses what does not begin with the neighbor’s AS and says so', async () => {
    await expect.poll(reasonOf('172.21.40.0/24'), soon).toEqual(['4242420998,9002,6']);
  });

  it.each(weighed)('weighs the communities of a route against the link’s: it $what', async (route) => {
    const { communities } = await routeDetails(node, route.prefix);
    expect(communities.toSorted()).toEqual(route.becomes.toSorted());
  });

  it('says where a route came in', async () => {
    const { largeCommunities } = await routeDetails(node, '172.21.1.0/24');
    expect(largeCommunities.toSorted()).toEqual([
      '4242420998,1,100',
      '4242420998,2,101',
      '4242420998,5,1000',
      '4242420998,9001,0',
      '4242420998,9003,1',
    ]);
  });

  it('honours a graceful shutdown, however near the route is', async () => {
    expect((await routeDetails(node, shutdown.prefix)).localPreference).toBe(0);
    expect((await routeDetails(node, '172.21.1.0/24')).localPreference).toBe(100);
  });
});

describe('changes while the session is up', () => {
  it('follow the ROAs both ways, without a reset', async () => {
    const before = await established();
    cache.update([...roas, roa('172.21.2.0/24', 4242420005), roa('172.21.13.0/24', neighborAs)]);
    await expect.poll(reasonOf('172.21.2.0/24'), soon).toEqual(['4242420998,9002,8']);
    await expect.poll(accepted(`dn42_${neighborAs}`), soon).toContain('172.21.13.0/24');
    cache.update(roas);
    await expect.poll(accepted(`dn42_${neighborAs}`), soon).toContain('172.21.2.0/24');
    await expect.poll(accepted(`dn42_${neighborAs}`), soon).not.toContain('172.21.13.0/24');
    expect(await established()).toEqual(before);
  });

  it('refuse what no ROA speaks of where that is wanted, without a reset', async () => {
    const before = await established();
    await node.configure(await treeOf({ ...routing, policy: { ...routing.policy, roaUnknown: 'reject' } }));
    await expect.poll(reasonOf('172.21.2.0/24'), soon).toEqual(['4242420998,9002,9']);
    await expect.poll(reasonOf('fd42:2::/48'), soon).toEqual(['4242420998,9002,9']);
    expect(await accepted(`dn42_${neighborAs}`)()).toEqual(['172.21.1.0/24', 'fd42:1::/48']);
    expect(await established()).toEqual(before);
  });

  it('add another latency to the routes when the tier changes, without a reset', async () => {
    const before = await established();
    const sessions = routing.sessions.map((routed) => ({ ...routed, latencyTier: 5 }));
    await node.configure(await treeOf({ ...routing, sessions }));
    const latency = async () => (await routeDetails(node, '172.21.20.0/24')).communities;
    await expect.poll(latency, soon).toContain('64511,6');
    expect(await latency()).not.toContain('64511,4');
    expect(await established()).toEqual(before);
  });
});
