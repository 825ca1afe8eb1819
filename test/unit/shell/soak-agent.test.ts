import { describe, expect, it } from 'vitest';
import type { SessionEntry } from '../../../src/core/model/session.js';
import { sessionId } from '../../../src/core/model/values/session-id.js';
import type { Agent } from '../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../fakes/fake-node.js';
import { makeEntry } from '../make.js';

const { signal } = new AbortController();

function session(number: number, status: 'active' | 'queued-for-setup' = 'active'): SessionEntry {
  return makeEntry({
    uuid: `s-${number}`,
    interface: `wg_${number}`,
    listenPort: 20_000 + (number % 20_000),
    asn: (4_242_421_000 + number) as never,
    status,
  });
}

function sessionsFrom(first: number, count: number, status?: 'queued-for-setup'): SessionEntry[] {
  return Array.from({ length: count }, (_, index) => session(first + index, status));
}

function deleted(number: number): SessionEntry {
  return {
    kind: 'ignored',
    uuid: sessionId.parse(`s-${number}`),
    status: 'queued-for-delete',
    interface: undefined,
  };
}

function refused(number: number): SessionEntry {
  return {
    kind: 'refused',
    uuid: sessionId.parse(`bad-${number}`),
    status: 'active',
    asn: undefined,
    interface: undefined,
    reason: `mtu: ${number}`,
  };
}

/** How much the agent keeps, on disk and in mind, by the number of entries. */
function kept({ state }: FakeNode, agent: Agent): number {
  return leaves([...state.documents.values()].map((text) => JSON.parse(text))) + leaves(agent.status());
}

function leaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, part) => sum + leaves(part), 0);
}

async function round(node: FakeNode, agent: Agent): Promise<void> {
  await agent.refresh(['sessions', 'mesh'], signal);
  await agent.pass();
  node.host.nowMs += 60_000;
}

it('weeks of sessions that come and go, with faults now and then, leave nothing behind', async () => {
  const node = makeFakeNode();
  const { host, controlPlane } = node;
  const problems = new Map<string, string>();
  node.onLog = (subject, problem) => {
    if (problem === undefined) problems.delete(subject);
    else problems.set(subject, problem);
  };
  const agent = await node.startAgent();
  const sizes: number[] = [];
  // Every two hours for three weeks.
  const steps = 21 * 12;
  for (let step = 0; step < steps; step += 1) {
    const gone = step > 0 ? [deleted(step - 1)] : [];
    controlPlane.sessions = [...gone, ...sessionsFrom(step, 6, 'queued-for-setup'), refused(step)];
    if (step % 7 === 3) host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
    host.birdRefuses = step % 11 === 5 ? `s-${step + 5}` : undefined;
    controlPlane.down = step % 13 === 1 ? 'connection refused' : undefined;
    node.rttMs = step % 5 === 0 ? undefined : step % 300;
    await agent.sync(signal);
    host.breaks.clear();
    host.nowMs += 2 * 3_600_000;
    if (step % 12 === 11) sizes.push(kept(node, agent));
  }
  host.birdRefuses = undefined;
  controlPlane.down = undefined;
  controlPlane.sessions = sessionsFrom(steps, 6);
  for (let poll = 0; poll < 7; poll += 1) await round(node, agent);
  expect(Math.max(...sizes.slice(7))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 7)) * 1.2);
  expect([...host.wireguardTable.keys()].sort()).toEqual(
    sessionsFrom(steps, 6).map((entry) => entry.kind === 'session' && entry.session.interface),
  );
  expect(host.linkTable.size).toBe(3 + 6);
  expect([...problems.keys()]).toEqual(['GET bird-config']);
  expect(agent.status().problems).toEqual([expect.stringContaining('GET bird-config')]);
});

describe('a thousand sessions', () => {
  it('that appear and vanish in some polls are neither torn down nor piled up', async () => {
    const node = makeFakeNode();
    const { host, controlPlane } = node;
    const agent = await node.startAgent();
    const few = sessionsFrom(1, 5);
    controlPlane.sessions = few;
    await round(node, agent);
    const thousand = sessionsFrom(1, 1000);
    for (let poll = 0; poll < 4; poll += 1) {
      controlPlane.sessions = poll % 2 === 0 ? thousand : few;
      await round(node, agent);
      expect(host.wireguardTable.size).toBe(1000);
    }
    controlPlane.sessions = few;
    for (let poll = 0; poll < 6; poll += 1) await round(node, agent);
    expect(host.wireguardTable.size).toBe(5);
    expect([...host.protocols.keys()].filter((name) => name.startsWith('dn42_'))).toHaveLength(5);
    expect(kept(node, agent)).toBeLessThan(300);
  });

  it('are set up with a few commands and one reload, and looked at with a constant number', async () => {
    const node = makeFakeNode();
    const { host, controlPlane, state } = node;
    const agent = await node.startAgent();
    controlPlane.sessions = sessionsFrom(1, 1000, 'queued-for-setup');
    const { write } = state;
    let writes = 0;
    state.write = async (...args) => {
      writes += 1;
      await write(...args);
    };
    await round(node, agent);
    const { 'links.apply': batches, ...others } = Object.fromEntries(host.counts);
    // The loopback, and two for each portion of 250 tunnels.
    expect(batches).toBeLessThanOrEqual(9);
    expect(others).toMatchObject({
      'wireguard.create': 1000,
      'wireguard.syncConfig': 1000,
      'bird.commit': 1,
    });
    expect(host.birdReloads).toBe(1);
    // The updates take more than one pass; what was taken is written down once a second at most.
    const isAllTold = () => controlPlane.told.modify.length >= 1000;
    for (let pass = 2; pass <= 10 && !isAllTold(); pass += 1) await round(node, agent);
    expect(controlPlane.told.modify).toHaveLength(1000);
    expect(writes).toBeLessThanOrEqual(30);
    host.counts.clear();
    await round(node, agent);
    expect(Object.fromEntries(host.counts)).toEqual({
      'links.observe': 1,
      'wireguard.observe': 1,
      'bird.observe': 1,
    });
  });
});
