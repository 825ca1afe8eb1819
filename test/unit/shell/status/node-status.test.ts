import { expect, it } from 'vitest';
import { startingStatus } from '../../../../src/shell/status/node-status.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
const facts = { version: '1', pid: 42, node: 'jp1', uptimeSeconds: 1, apiUrl: 'https://x', nowSeconds: 1 };

async function failing(passes: number): Promise<{ node: FakeNode; problems: () => readonly string[] }> {
  const node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry()];
  node.host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
  const agent = await node.startAgent();
  for (let pass = 0; pass < passes; pass += 1) {
    node.host.nowMs += 3_600_000;
    await agent.refresh(['sessions'], signal);
    await agent.pass();
  }
  return { node, problems: () => agent.status().problems };
}

const session = 'session abc-123 (AS4242421080): no /dev/net/tun';

it.each([
  [1, `${session} (tried once, next try in 1 min)`],
  [3, `${session} (tried 3 times, next try in 4 min)`],
  [7, `${session} (tried 7 times, now once an hour, next try in 60 min)`],
])('says of what failed %i times when it is tried again', async (passes, sentence) => {
  const { problems } = await failing(passes);
  expect(problems()).toEqual([sentence]);
});

it('counts down until the next try', async () => {
  const { node, problems } = await failing(7);
  node.host.nowMs += 17 * 60_000;
  expect(problems()).toEqual([`${session} (tried 7 times, now once an hour, next try in 43 min)`]);
});

it('says what keeps it from starting', () => {
  expect(startingStatus(facts, 'GET config: 401').problems).toEqual([
    'starting: waiting for the bootstrap configuration from the control plane: GET config: 401',
  ]);
  expect(startingStatus(facts).bird).toEqual({ running: false, version: undefined, reason: undefined });
});

it('a session that does not carry a family is degraded on the peer’s side, and the node is not; the control plane lists it as active', async () => {
  const node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry()];
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  const protocol = node.host.protocols.get('dn42_4242421080');
  const own = { families: ['ipv4', 'ipv6'], extendedNextHop: ['ipv4'], gracefulRestart: true } as const;
  const capabilities = { own, neighbor: { ...own, families: ['ipv4'] as const } };
  Object.assign(protocol ?? {}, { bgp: { ...protocol?.bgp, capabilities } });
  await agent.pass();
  const words = 'no IPv6 route goes either way: the neighbor does not offer IPv6';
  const { health, problems, peerSide, sessions } = agent.status();
  expect([health, problems]).toEqual(['ok', []]);
  expect(peerSide).toEqual([expect.stringContaining(`session abc-123 (AS4242421080): ${words}`)]);
  expect(sessions).toMatchObject([{ state: 'degraded', error: expect.stringContaining(words) }]);
  expect(node.problems).toEqual([expect.stringContaining(`session abc-123: ${words}`)]);
  expect(node.controlPlane.told.modify.every(({ status }) => status === 'active')).toBe(true);
});
