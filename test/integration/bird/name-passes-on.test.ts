import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRealNode } from './routers/real-node.js';
import { type NeighborEnd, openTunnelNeighbor } from './routers/tunnel-neighbor.js';

let node: Awaited<ReturnType<typeof openRealNode>>;
const neighbors: Awaited<ReturnType<typeof openTunnelNeighbor>>[] = [];

function end(number: number): NeighborEnd {
  return {
    number,
    row: { ipv6LinkLocal: `fe80::${number}` },
    addresses: [`fe80::${number}/64`],
    bgp: `neighbor fe80::998:101:1:1%wg0 as 4242420998;
  ipv4 { import all; export where source = RTS_STATIC; extended next hop on; };
  ipv6 { import all; export where source = RTS_STATIC; };`,
  };
}

beforeAll(async () => {
  node = await openRealNode('name-passes-on');
  for (const number of [1, 2])
    neighbors.push(await openTunnelNeighbor(node.namespace, node.publicKey, end(number)));
}, 120_000);
afterAll(async () => {
  for (const neighbor of neighbors) await neighbor.close();
  await node?.close();
});

const rows = () => neighbors.map(({ row }) => row);

/** The row of an Established session, with the time since when it is; undefined for any other. */
async function rowOf(protocol: string): Promise<string | undefined> {
  const answer = await node.birdc('show', 'protocols', protocol);
  return answer.split('\n').find((line) => line.includes('Established'));
}

it('the name of a deleted session passes to a new one of its ASN in the same pass, and no other is reset', async () => {
  const soon = { timeout: 60_000, interval: 250 };
  await node.pass(rows());
  for (const protocol of ['dn42_4242420001', 'dn42_4242420002'])
    await expect.poll(() => rowOf(protocol), soon).toBeDefined();
  const bystander = await rowOf('dn42_4242420002');

  const [old, other] = rows();
  const added = {
    ...old,
    uuid: 'session-new',
    status: 4,
    interface: 'dn42_9',
    port: 24_009,
    ipv6LinkLocal: 'fe80::9',
  };
  const list = [added, { ...old, status: 5 }, other as object];
  const { plan, failures, reports } = await node.pass(list);
  expect([...failures]).toEqual([]);
  const change = plan.changes.find(({ kind }) => kind === 'write-file');
  expect(change?.why).toBe('it belonged to session session-1, which the agent removes');
  expect(reports.map(({ uuid, status }) => `${uuid} ${status}`)).toEqual([
    'session-new active',
    'session-1 deleted',
  ]);

  const answer = await node.birdc('show', 'protocols', 'all', 'dn42_4242420001');
  expect(answer).toMatch(/Neighbor address: +fe80::9%dn42_9/);
  expect(await node.birdc('show', 'protocols')).not.toContain('dn42_4242420001_');
  expect(await rowOf('dn42_4242420002')).toBe(bystander);
  const { stdout } = await node.namespace.run('wg', ['show', 'interfaces']);
  expect(stdout.trim().split(/\s+/).sort()).toEqual(['dn42_2', 'dn42_9']);
  expect((await node.pass(list)).plan.changes).toEqual([]);
});
