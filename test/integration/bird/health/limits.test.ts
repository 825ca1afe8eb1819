import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openRealNode } from '../routers/real-node.js';
import { openTunnelNeighbor, plainEnd } from '../routers/tunnel-neighbor.js';

const protocol = 'dn42_4242420001';
const limit = 20;
const file = '/run/bird/many.conf';
const soon = { timeout: 60_000, interval: 250 };

/** A neighbor that announces what `file` says, and one beside it, which nothing must touch. */
const ends = [{ ...plainEnd(1), also: `protocol static { ipv6;\ninclude "${file}";\n}` }, plainEnd(2)];

let node: Awaited<ReturnType<typeof openRealNode>>;
const neighbors: Awaited<ReturnType<typeof openTunnelNeighbor>>[] = [];

const pass = () => node.pass(neighbors.map(({ row }) => row));
const countOf = async (name: string) =>
  Number(
    /^(\d+) of/m.exec(await node.birdc('show', 'route', 'protocol', name, 'table', 'master6', 'count'))?.[1],
  );
const socketsOf = async (name: string) => {
  const text = await node.birdc('show', 'protocols', name);
  expect(text).toContain('Established');
  return text.split('\n').find((line) => line.startsWith(name));
};

/** The neighbor announces networks `from` to `to` and one of its own. */
async function announce(from: number, to: number): Promise<void> {
  const lines = Array.from({ length: to - from }, (_, index) => {
    const part = (from + index + 0x100).toString(16);
    return `route fd42:${part}::/48 unreachable;\n`;
  });
  const [neighbor] = neighbors;
  await writeFile(`/proc/${neighbor?.pid}/root${file}`, lines.join(''));
  await neighbor?.birdc('configure');
}

beforeAll(async () => {
  node = await openRealNode('limits', [], { ebgpImportLimit: limit });
  for (const end of ends) {
    const files = end.number === 1 ? { [file]: '' } : {};
    neighbors.push(await openTunnelNeighbor(node.namespace, node.publicKey, end, files));
  }
  await pass();
  for (const name of [protocol, 'dn42_4242420002'])
    await vi.waitFor(async () => expect(await countOf(name)).toBe(1), soon);
}, 120_000);

afterAll(async () => {
  for (const neighbor of neighbors) await neighbor.close();
  await node?.close();
});

it('a session that hit its limit is degraded, and nothing is restarted while there is no room', async () => {
  await announce(0, 40);
  await vi.waitFor(async () => expect(await countOf(protocol)).toBe(limit), soon);
  const before = await socketsOf(protocol);
  const { verdicts, plan } = await pass();
  expect(verdicts.get('session-1')).toMatchObject({ state: 'ok' });
  expect(verdicts.get('session-1')?.degraded).toContain(
    `BIRD blocked routes of the neighbor in the session ${protocol}: they are more than the receive limit of 20 IPv6 routes`,
  );
  expect(plan.changes).toEqual([]);
  node.clock.addSeconds(3600);
  expect((await pass()).plan.changes).toEqual([]);
  expect(await socketsOf(protocol)).toBe(before);
});

it('BIRD 2 still lacks routes when the neighbor announces fewer again, also after a reload of its filters', async () => {
  await announce(25, 40);
  await vi.waitFor(async () => expect(await countOf(protocol)).toBeLessThan(limit), soon);
  const isThree = (await node.birdc('show', 'status')).startsWith('BIRD 3');
  await node.birdc('reload', ...(isThree ? ['filters'] : []), 'in', protocol);
  // BIRD 3 blocks the routes in another order, and misses none of them, some or all.
  expect(await countOf(protocol)).toBeLessThan(isThree ? 17 : 16);
});

it('the agent restarts that session once, and no other, and the node has all routes', async () => {
  const other = await socketsOf('dn42_4242420002');
  const first = await pass();
  expect(first.verdicts.get('session-1')?.degraded).toContain(
    'There are fewer now: the agent restarts the session',
  );
  expect(first.plan.changes).toEqual([]);
  node.clock.addSeconds(121);
  const { plan, failures } = await pass();
  expect(plan.changes).toMatchObject([{ kind: 'restart-protocol', protocol }]);
  expect([...failures]).toEqual([]);
  await vi.waitFor(async () => expect(await countOf(protocol)).toBe(16), soon);
  const after = await pass();
  expect(after.plan.changes).toEqual([]);
  expect(after.verdicts.get('session-1')).toEqual({ state: 'ok', reason: undefined, isUp: true });
  expect(await socketsOf('dn42_4242420002')).toBe(other);
});

it('a limit that is hit again is acted on after a pause', async () => {
  await announce(0, 40);
  await vi.waitFor(async () => expect(await countOf(protocol)).toBe(limit), soon);
  await pass();
  await announce(30, 40);
  await vi.waitFor(async () => expect(await countOf(protocol)).toBeLessThan(limit), soon);
  await pass();
  node.clock.addSeconds(400);
  expect((await pass()).plan.changes).toEqual([]);
  node.clock.addSeconds(200);
  expect((await pass()).plan.changes).toMatchObject([{ kind: 'restart-protocol', protocol }]);
  await vi.waitFor(async () => expect(await countOf(protocol)).toBe(11), soon);
});
