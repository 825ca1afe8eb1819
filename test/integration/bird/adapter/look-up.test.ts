import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBird } from '../../../../src/adapters/bird/open-bird.js';
import { connectBird } from '../../../../src/adapters/bird/socket/socket.js';
import { communityQuestions } from '../../../../src/core/lookups/community-counts.js';
import { capRoutes, pathsOf } from '../../../../src/core/lookups/route-text.js';
import { parseRouteTarget } from '../../../../src/core/lookups/target.js';
import { type Namespace, openNamespace } from '../../../../src/lab/namespace.js';
import { run } from '../../../../src/platform/exec.js';
import { BirdTime } from '../../../bird-times.js';
import { type RunningBird, startBird } from '../routers/running-bird.js';

const routesPerFamily = 5_000;
let host: Namespace;
let bird: RunningBird;

const options = () => ({ controlSocket: `/proc/${host.pid}/root/run/bird/bird.ctl` });
const open = () => openBird({ ...options(), configDir: '/nonexistent', mode: 'full', run });

beforeAll(async () => {
  host = await openNamespace('look-up');
  bird = await startBird(host, { 'bird.conf': config() });
});

afterAll(async () => {
  await bird.stop();
  await host.close();
});

function config(): string {
  const numbers = Array.from({ length: routesPerFamily }, (_, index) => index);
  const ipv4 = numbers.map((n) => `route 10.${n >> 8}.${n & 255}.0/24 blackhole;`);
  const ipv6 = numbers.map((n) => `route fd00:${n.toString(16)}::/48 blackhole;`);
  const tagged = (tags: string) => `{ import filter { bgp_path.prepend(4242420001); ${tags} accept; }; }`;
  return `router id 192.0.2.1;
protocol device {}
protocol static static_v4 { ipv4 ${tagged('bgp_community.add((64511, 4)); bgp_large_community.add((4242420998, 1, 100));')};
${ipv4.join('\n')} }
protocol static static_v6 { ipv6 ${tagged('bgp_community.add((64511, 5));')}; ${ipv6.join('\n')} }
protocol static plain { ipv4; route 172.31.0.0/24 blackhole; }
`;
}

it('finds the routes to an address and to a prefix of both families', async () => {
  const tables = open().tables;
  const lines = async (text: string) => {
    const target = parseRouteTarget(text);
    if (target.kind === 'name') throw new Error('no name');
    return tables.routes(target.kind === 'prefix' ? target.prefix : target.address);
  };
  expect(pathsOf(await lines('10.0.7.1'))).toEqual(['10.0.7.0/24 * static_v4: 4242420001']);
  expect(pathsOf(await lines('fd00:7::/48'))).toEqual(['fd00:7::/48 * static_v6: 4242420001']);
  expect(pathsOf(await lines('172.31.0.9'))).toEqual(['172.31.0.0/24 * plain: local']);
  expect(capRoutes(await lines('10.0.7.1'))).toContain('10.0.7.0/24');
  expect(await lines('10.0.0.0/8')).toEqual([]);
  expect(await lines('192.0.2.1')).toEqual([]);
});

it('counts 10,000 routes by forty communities faster than the caller waits', async () => {
  const latency = Object.fromEntries(
    Array.from({ length: 39 }, (_, tier) => [`tier${tier}`, [64511, tier + 1]]),
  );
  const questions = communityQuestions({ latency, bandwidth: { '1g': [4242420998, 1, 100] } });
  const startedMs = performance.now();
  const { total, counts } = await open().tables.count(questions);
  expect(performance.now() - startedMs).toBeLessThan(4_500);
  expect(total).toBe(2 * routesPerFamily + 1);
  const found = questions.flatMap(({ key }, index) => (counts[index] ? [[key, counts[index]]] : []));
  expect(found).toEqual([
    ['3', routesPerFamily],
    ['4', routesPerFamily],
    ['1g', routesPerFamily],
  ]);
});

it('asks on a session on which nothing can be changed', async () => {
  const limits = { connectTimeoutMs: 2_000, replyTimeoutMs: 2_000 };
  const connection = await connectBird({ ...options(), ...limits });
  expect((await connection.ask('restrict')).code).toBe('0016');
  for (const command of ['disable plain', 'restart plain', 'configure', 'down'])
    expect([command, (await connection.ask(command)).code]).toEqual([command, '8007']);
  connection.close();
  expect(await bird.ask('show protocols plain')).toContain('up');
});

it('restarts one protocol and no other', async () => {
  const upSince = async () => new BirdTime(await bird.ask('show protocols static_v4'));
  const before = await upSince();
  await open().restart('plain');
  await expect(open().restart('nobody')).rejects.toThrow('restart nobody');
  expect(await upSince()).toEqual(before);
  expect(await bird.networks('show route protocol plain')).toEqual(['172.31.0.0/24']);
});
