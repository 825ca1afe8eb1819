import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openRtrCache } from '../../../../src/lab/rtr-server.js';
import { bgpConnections } from '../routers/bgp-connections.js';
import { openRealNode } from '../routers/real-node.js';
import { serveInside } from '../routers/rtr-relay.js';
import { openTunnelNeighbor, plainEnd } from '../routers/tunnel-neighbor.js';

const soon = { timeout: 60_000, interval: 250 };
const port = 8282;
const cache = { name: 'near', host: '127.0.0.1', port };
/** It never answers; the second neighbor has the way to it. */
const farCache = { name: 'far', host: '172.21.2.9', port };
const roas = [
  { prefix: '172.21.1.0/24', maxLength: 24, asn: 4242420001 },
  { prefix: 'fd42:1::/48', maxLength: 64, asn: 4242420001 },
  ...Array.from({ length: 2000 }, (_, index) => ({
    prefix: `172.2${index < 1000 ? 2 : 3}.${Math.floor((index % 1000) / 4)}.${(index % 4) * 64}/26`,
    maxLength: 29,
    asn: 4242421000 + index,
  })),
];

const ends = [1, 2].map(plainEnd);

let node: Awaited<ReturnType<typeof openRealNode>>;
const neighbors: Awaited<ReturnType<typeof openTunnelNeighbor>>[] = [];
let endCache: (() => Promise<void>) | undefined;

const pass = () => node.pass(neighbors.map(({ row }) => row));
const row = (name: string) => node.birdc('show', 'protocols', name);
const roaText = (family: 4 | 6) => readFile(join(node.configDir, `moenet-agent/roa${family}.conf`), 'utf8');

async function routes(number: number): Promise<string[]> {
  const text = await node.birdc('show', 'route', 'protocol', `dn42_424242000${number}`);
  return Array.from(text.matchAll(/^(\S+\/\d+) /gm), ([, network = '']) => network).sort();
}

async function haveRoutes(number: number, wanted: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await row(`dn42_424242000${number}`)).toContain('Established'), soon);
  await vi.waitFor(async () => expect(await routes(number)).toEqual(wanted), soon);
}

/** BIRD asks a cache that was away only every 90 s. */
async function cacheAnswers(): Promise<void> {
  endCache = await serveInside(node.namespace, port, openRtrCache(roas));
  await node.birdc('restart', 'moenet_rpki_near');
  await vi.waitFor(async () => expect(await row('moenet_rpki_near')).toContain('Established'), soon);
}

beforeAll(async () => {
  node = await openRealNode('roas', [], { rpkiServers: [cache, farCache] as never }, 'reject');
  for (const end of ends) neighbors.push(await openTunnelNeighbor(node.namespace, node.publicKey, end));
  await pass();
}, 120_000);

afterAll(async () => {
  await endCache?.();
  for (const neighbor of neighbors) await neighbor.close();
  await node?.close();
});

it('without any ROA only the route to a cache is accepted', async () => {
  await haveRoutes(2, ['172.21.2.0/24']);
  await haveRoutes(1, []);
  const { node: verdict, desired } = await pass();
  expect(verdict.problems.join()).toContain('refuses every route of a neighbor but the one to a cache');
  expect(desired.roaFallback).toBeUndefined();
});

it('the ROAs of a cache that answers are saved, once in six hours', async () => {
  await cacheAnswers();
  await haveRoutes(1, ['172.21.1.0/24', 'fd42:1::/48']);
  const { plan, failures } = await pass();
  expect([...failures]).toEqual([]);
  const written = ['moenet-agent/roa4.conf', 'moenet-agent/roa6.conf'];
  expect(plan.changes.flatMap((change) => (change.kind === 'write-file' ? [change.file.path] : []))).toEqual(
    written,
  );
  expect(await roaText(4)).toMatch(/\nroute 172\.21\.1\.0\/24 max 24 as 4242420001;\n/);
  expect((await roaText(4)).match(/^route /gm)).toHaveLength(2001);
  expect(await roaText(6)).toMatch(/\n\nroute fd42:1::\/48 max 64 as 4242420001;\n$/);
  expect((await pass()).plan.changes).toEqual([]);
  node.clock.addSeconds(6 * 3600 + 1);
  expect((await pass()).plan.changes.length).toBeGreaterThan(0);
  expect((await pass()).plan.changes).toEqual([]);
});

it('a BIRD that starts while no cache answers uses the saved ones', async () => {
  await endCache?.();
  endCache = undefined;
  await node.startBirdAgain();
  await haveRoutes(1, []);
  const { node: verdict } = await pass();
  await haveRoutes(1, ['172.21.1.0/24', 'fd42:1::/48']);
  expect(verdict.problems.join()).toMatch(
    /no RPKI cache answers \(far, near\): BIRD checks origins with the 2002 ROAs that the agent saved at 20\d\d-\d\d-\d\d \d\d:\d\d UTC/,
  );
  expect((await pass()).plan.changes).toEqual([]);
});

it('a BIRD that restarts meanwhile has them from its start', async () => {
  await node.startBirdAgain();
  await haveRoutes(1, ['172.21.1.0/24', 'fd42:1::/48']);
});

it('a cache that answers again replaces them, and no session is reset', async () => {
  await haveRoutes(2, ['172.21.2.0/24']);
  const before = await bgpConnections(node.namespace);
  await cacheAnswers();
  const { node: verdict, desired } = await pass();
  expect(desired.roaFallback).toMatchObject({ isUsed: false });
  expect(verdict.problems.join()).not.toContain('RPKI');
  expect(await node.birdc('show', 'protocols')).not.toContain('moenet_saved_roa4');
  expect(await routes(1)).toEqual(['172.21.1.0/24', 'fd42:1::/48']);
  expect(await bgpConnections(node.namespace)).toEqual(before);
  expect((await pass()).plan.changes).toEqual([]);
});
