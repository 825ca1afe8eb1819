import { beforeEach, describe, expect, it } from 'vitest';
import { describeSubject } from '../../../../src/core/model/events/event.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
const name = 'session abc-123 (AS4242421080, a neighbor)';
let node: FakeNode;

beforeEach(() => {
  node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry()];
});

async function start(): Promise<Agent> {
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  return agent;
}

/** The events of these kinds, a line each, as the log names them. */
async function told(agent: Agent, ...kinds: string[]): Promise<string[]> {
  const { events } = await agent.events({});
  return events
    .filter(({ kind }) => kinds.includes(kind))
    .map((event) => [event.kind, describeSubject(event), event.text].filter(Boolean).join(' | '));
}

/** BIRD's state of the session. */
function setBgp(state: string, more: object = {}): void {
  const [, protocol] = [...node.host.protocols].find(([each]) => each.startsWith('dn42_')) ?? [];
  if (!protocol) throw new Error('BIRD has no session');
  const bgp = { ...protocol.bgp, state, lastError: undefined, ...more };
  Object.assign(protocol, { state: state === 'Established' ? 'up' : 'start', info: state, bgp, ...more });
}

describe('a change that failed', () => {
  beforeEach(() => {
    node.host.wireguard.create = async () => ({
      inKernel: new Set(),
      failures: new Map([['wg_24001', 'no /dev/net/tun']]),
    });
  });

  it('is neither among the changes of the result, nor of the status', async () => {
    const agent = await start();
    const result = await agent.pass();
    expect(result.errors.join()).toContain('no /dev/net/tun');
    expect(result.changes.filter((each) => each.includes('wg_24001'))).toEqual([]);
    expect(agent.status().lastPass?.changes).toBe(result.changes.length);
  });

  it('is told of as failed, once when it begins, and at each further try', async () => {
    const agent = await start();
    await agent.pass();
    expect(await told(agent, 'change')).not.toContainEqual(expect.stringContaining('tunnel wg_24001'));
    expect(await told(agent, 'problem')).toEqual([`problem | ${name} | no /dev/net/tun`]);
    node.host.nowMs += 3_600_000;
    await agent.pass();
    const failed = `failed | ${name} | could not create tunnel wg_24001 (it is missing): no /dev/net/tun. Not done either: set link wg_24001, set WireGuard on wg_24001`;
    expect((await told(agent, 'failed')).filter((line) => line.includes('tunnel'))).toEqual([failed, failed]);
    expect(await told(agent, 'problem')).toHaveLength(1);
  });
});

it('changes that BIRD refuses are failed, and so is the reload', async () => {
  const agent = await start();
  const file = 'peers/dn42_4242421080.conf';
  const rejected = { kind: 'rejected', message: 'syntax error', file } as const;
  Object.assign(node.host.bird, { check: async () => rejected, commit: async () => rejected });
  await agent.pass();
  const changes = await told(agent, 'change', 'reload');
  expect(changes).not.toContainEqual(expect.stringMatching(/peers\/dn42|reload BIRD/));
  expect(await told(agent, 'failed', 'problem')).toContainEqual(expect.stringContaining('syntax error'));
});

it('changes that were made are told of with their reason and the name of the session', async () => {
  const agent = await start();
  await agent.pass();
  const lines = await told(agent, 'change', 'reload', 'failed');
  expect(lines).toContain(`change | ${name} | create tunnel wg_24001 (it is missing)`);
  expect(lines).toContain('reload | reload BIRD (its files change)');
  expect(lines).not.toContainEqual(expect.stringMatching(/^failed/));
});

describe('a session', () => {
  it('that comes up and goes down is told of with the reason, between two passes as well', async () => {
    const agent = await start();
    await agent.pass();
    setBgp('Established');
    await agent.look(signal);
    setBgp('Active', { lastError: 'Received: Administrative shutdown' });
    await agent.look(signal);
    node.host.nowMs += 45_000;
    setBgp('Established');
    await agent.look(signal);
    expect(await told(agent, 'up', 'down')).toEqual([
      `up | ${name} | BGP is Established`,
      `down | ${name} | BGP went down: Active (Received: Administrative shutdown), the tunnel never had a handshake`,
      `up | ${name} | BGP is Established again, after 45 s`,
    ]);
    expect(agent.status().sessions[0]?.flaps).toBe(1);
  });

  it('is not down while BIRD does not answer', async () => {
    const agent = await start();
    await agent.pass();
    setBgp('Established');
    await agent.look(signal);
    node.host.birdRunning = false;
    await agent.look(signal);
    await agent.pass();
    expect(await told(agent, 'down')).toEqual([]);
    expect(await told(agent, 'problem')).toContainEqual(
      expect.stringContaining('BIRD: BIRD does not answer'),
    );
  });

  it('that went down while no agent ran is told of by the next one, and its flaps are not forgotten', async () => {
    const first = await start();
    await first.pass();
    setBgp('Established');
    await first.pass();
    setBgp('Connect');
    const second = await start();
    await second.pass();
    expect(await told(second, 'up', 'down')).toEqual([
      `up | ${name} | BGP is Established`,
      expect.stringMatching(/^down \| .*BGP went down: Connect/),
    ]);
    expect(second.status().sessions[0]?.flaps).toBe(1);
    expect((await second.events({})).flaps).toMatchObject([{ session: { asn: 4242421080 }, downs: 1 }]);
    node.host.nowMs += 25 * 3_600_000;
    await second.pass();
    expect(second.status().sessions[0]?.flaps).toBe(0);
  });
});

it('a call that fails and is answered again is told of twice', async () => {
  const agent = await start();
  node.controlPlane.down = 'connection refused';
  await agent.refresh(['sessions'], signal);
  await agent.refresh(['sessions'], signal);
  node.controlPlane.down = undefined;
  await agent.refresh(['sessions'], signal);
  expect(await told(agent, 'problem', 'recovered')).toEqual([
    'problem | GET sessions: connection refused',
    'recovered | GET sessions: works again',
  ]);
});

it('what an operator switches is told of', async () => {
  const agent = await start();
  await agent.pass();
  await agent.setMaintenance(true, signal, { withTraffic: false });
  await agent.setMaintenance(true, signal, { withTraffic: false });
  await agent.switchSession({ session: 'wg_24001', to: 'disabled', now: true });
  expect(await told(agent, 'maintenance', 'switch')).toEqual([
    'maintenance | an operator switched maintenance on: the agent leads all traffic around this node',
    `switch | ${name} | an operator disabled this session at once`,
  ]);
});

it('events are selected by time and by what an operator calls the session', async () => {
  const agent = await start();
  await agent.pass();
  const of = async (session: string) => (await agent.events({ session })).events.length;
  const all = await of('abc-123');
  expect(all).toBeGreaterThan(1);
  for (const word of ['wg_24001', 'AS4242421080', '4242421080', 'dn42_4242421080'])
    expect(await of(word)).toBe(all);
  expect(await of('wg_9')).toBe(0);
  expect((await agent.events({ sinceSeconds: node.host.nowMs / 1000 + 1 })).events).toEqual([]);
});
