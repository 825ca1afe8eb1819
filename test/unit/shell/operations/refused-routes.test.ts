import { beforeEach, expect, it } from 'vitest';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;
let asked: number;

beforeEach(async () => {
  node = makeFakeNode();
  agent = await node.startAgent();
  asked = 0;
  countAs(async (_asn, total) => new Map([[8, total]]));
  await agent.refresh(['sessions'], signal);
  await agent.pass();
});

type Count = FakeNode['host']['bird']['tables']['countRefused'];

function countAs(count: Count): void {
  node.host.bird.tables.countRefused = async (...given) => {
    asked += 1;
    return count(...given);
  };
}

/** BIRD shows the neighbor's channel with refused routes, and a limit that was hit. */
async function show(filtered: number): Promise<void> {
  const protocol = [...node.host.protocols.values()].find(({ proto }) => proto === 'BGP');
  if (!protocol) throw new Error('the fake BIRD has no session');
  protocol.channels = [
    {
      name: 'ipv4',
      state: 'UP',
      routes: { imported: 9_000 - filtered, filtered, exported: 3, preferred: 1 },
      limits: [{ kind: 'receive', action: 'block', max: 9_000, isHit: filtered > 0 }],
    },
  ];
  await agent.pass();
  await agent.report(signal);
}

function counted(): Readonly<Record<string, number>> | undefined {
  const { refusedRoutes } = agent.status();
  return refusedRoutes && Object.fromEntries(refusedRoutes.map(({ reason, count }) => [reason, count]));
}

it('refused routes are counted by reason, every reason with its number', async () => {
  await show(5);
  expect(counted()).toMatchObject({ roa_invalid: 5, not_originated: 0, other: 0 });
  expect(Object.keys(counted() ?? {})).toHaveLength(12);
});

it('what has no reason of the agent’s counts as other', async () => {
  countAs(async () => new Map([[1, 2]]));
  await show(5);
  expect(counted()).toMatchObject({ not_dn42: 2, other: 3 });
});

it('BIRD is asked again only where their number has changed, or after ten minutes', async () => {
  await show(5);
  await show(5);
  expect(asked).toBe(1);
  await show(6);
  expect(asked).toBe(2);
  node.host.nowMs += 600_000;
  await show(6);
  expect(asked).toBe(3);
});

it('while BIRD does not say, nothing is known', async () => {
  await show(5);
  countAs(() => Promise.reject(new Error('BIRD does not answer')));
  await show(6);
  expect(counted()).toBeUndefined();
  expect(node.problems).toContain('refused routes: the agent cannot count them: BIRD does not answer');
});

it('a session says how many limits block routes of it, and when its last handshake was', async () => {
  const latestHandshakeSeconds = Math.floor(node.host.nowMs / 1000) - 20;
  Object.assign(node.host.wireguardTable.get('wg_24001')?.peers[0] ?? {}, { latestHandshakeSeconds });
  await show(5);
  const [row] = agent.status().sessions;
  expect(row?.limitsHit).toBe(1);
  expect(row?.tunnel?.handshakeAtSeconds).toBe(latestHandshakeSeconds);
  await show(0);
  expect(agent.status().sessions[0]?.limitsHit).toBe(1); // Until the session starts anew.
});
