import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;
let progresses: number;

beforeEach(async () => {
  node = makeFakeNode();
  node.passIntervalMs = 60_000;
  progresses = 0;
  node.onProgress = () => {
    progresses += 1;
  };
  agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
});

/** Links cannot be read any more; resolves what waits for them when it is called. */
function stall(): () => void {
  const { observe } = node.host.links;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  node.host.links.observe = async (each) => {
    await released;
    return observe(each);
  };
  return () => {
    node.host.links.observe = observe;
    release();
  };
}

const hangs = /^the pass hangs at: reading links and addresses \(ip addr show\)\. /;

describe('a pass that hangs', () => {
  it('is named in the status, with its age and with that of the last one, and healthy no more', async () => {
    const release = stall();
    const pass = agent.pass();
    await new Promise(setImmediate);
    node.host.nowMs += 95_000;
    const { health, problems, pass: ages } = agent.status();
    expect(health).toBe('degraded');
    expect(problems[0]).toMatch(hangs);
    expect(ages).toEqual({ completedSecondsAgo: 95, runningSeconds: 95 });
    release();
    await pass;
    expect(agent.status().problems.join()).not.toMatch(/hangs/);
    expect(agent.status().pass).toEqual({ completedSecondsAgo: 0, runningSeconds: undefined });
  });

  it('is no progress, whatever goes on beside it', async () => {
    const release = stall();
    const pass = agent.pass();
    await new Promise(setImmediate);
    node.host.nowMs += 95_000;
    const before = progresses;
    await agent.look(signal);
    await agent.heartbeat(signal);
    expect(progresses).toBe(before);
    release();
    await pass;
    expect(progresses).toBeGreaterThan(before);
  });

  it('is logged once, by the look, which goes on', async () => {
    const said: string[] = [];
    node.onLog = (subject, problem) => {
      if (subject === 'progress') said.push(problem ?? 'over');
    };
    const release = stall();
    const pass = agent.pass();
    await new Promise(setImmediate);
    node.host.nowMs += 95_000;
    await agent.look(signal);
    node.host.nowMs += 95_000;
    await agent.look(signal);
    release();
    await pass;
    await agent.look(signal);
    expect(new Set(said).size).toBe(2);
    expect(said[0]).toMatch(hangs);
    expect(said.at(-1)).toBe('over');
  });
});

describe('progress', () => {
  it('is what each pass makes, also one that fails', async () => {
    const before = progresses;
    node.host.breaks.set('links.observe', new Error('ip: not installed'));
    await agent.pass();
    expect(progresses).toBeGreaterThan(before);
  });

  it('is what an idle agent makes by its looks, as long as passes are not overdue', async () => {
    node.host.nowMs += 200_000;
    const before = progresses;
    await agent.look(signal);
    expect(progresses).toBe(before + 1);
    node.host.nowMs += 100_000;
    await agent.look(signal);
    expect(progresses).toBe(before + 1);
  });
});

it('a pass that is overdue, because its loop waits for the control plane, is made all the same', async () => {
  node.host.nowMs += 91_000;
  Object.assign(node.host.linkTable.get('wg_24001') ?? {}, { mtu: 1500 });
  await agent.repairIfDue();
  expect(node.host.linkTable.get('wg_24001')?.mtu).toBe(1420);
  Object.assign(node.host.linkTable.get('wg_24001') ?? {}, { mtu: 1500 });
  await agent.repairIfDue();
  expect(node.host.linkTable.get('wg_24001')?.mtu).toBe(1500);
});
