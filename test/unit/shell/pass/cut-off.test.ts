import { beforeEach, describe, expect, it } from 'vitest';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { ControlPlaneError } from '../../../../src/shell/ports/control-plane-error.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';
import { plantCrash } from './crash-node.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

/** The policy under which the node cannot reach its control plane. */
const ruinous = 'MOENET_AS_PATH_MAX_LEN = 66';
const others = { first: 'MOENET_AS_PATH_MAX_LEN = 10', second: 'MOENET_AS_PATH_MAX_LEN = 12' };

beforeEach(async () => {
  node = makeFakeNode();
  const { controlPlane, host } = node;
  wish(others.first);
  controlPlane.checkHealth = async () => {
    if (controlPlane.down !== undefined || loaded(ruinous)) throw unreachable();
  };
  host.nowMs += 1;
  agent = await node.startAgent();
  await round();
  expect(loaded(others.first)).toBe(true);
});

function unreachable(): Error {
  return new ControlPlaneError('GET health', {
    kind: 'unreachable',
    reason: 'no route to the control plane',
  });
}

function wish(policy: string): void {
  const asPathMaxLen = Number(policy.split(' ').at(-1));
  node.controlPlane.birdConfig = parseBirdConfig({
    node: { id: 1 },
    policy: { dn42As: 4242420998, asPathMaxLen },
    ibgpPeers: [],
  });
}

function loaded(policy: string): boolean {
  return [...node.host.loaded.values()].some((text) => text.includes(`${policy};`));
}

async function round(): Promise<void> {
  await agent.refresh(['sessions', 'birdConfig'], signal);
  await agent.pass();
}

async function later(ms: number): Promise<void> {
  node.host.nowMs += ms;
  await round();
}

const newcomer = makeEntry({
  uuid: 'abc-200',
  asn: asn.parse(4242420200),
  interface: 'wg_24200',
  listenPort: 24_200,
});

describe('a policy that cuts the node off from its control plane', () => {
  beforeEach(async () => {
    wish(ruinous);
    await round();
  });

  it('is undone, named, and not loaded again at the next poll', async () => {
    expect([loaded(ruinous), loaded(others.first)]).toEqual([false, true]);
    await later(60_000);
    expect(loaded(ruinous)).toBe(false);
    expect(agent.status().problems.join()).toContain(
      'undid the new BIRD configuration: the control plane stopped answering',
    );
    const logged = node.problems.filter((words) => words.includes('stopped answering'));
    expect(new Set(logged)).toEqual(new Set(logged.slice(0, 1)));
    expect(logged).not.toEqual([]);
  });

  it('does not come in with something else, while calls still fail because of it', async () => {
    node.controlPlane.sessions = [makeEntry(), newcomer];
    await agent.refresh(['sessions'], signal);
    node.controlPlane.down = 'no route to the control plane';
    await agent.heartbeat(signal);
    await agent.pass();
    expect([...node.host.protocols.keys()]).toContain('dn42_4242420200');
    expect([loaded(ruinous), loaded(others.first)]).toEqual([false, true]);
  });

  it('is tried again after ten minutes, but only while the control plane answers', async () => {
    node.controlPlane.down = 'away';
    const { commits } = count();
    await later(601_000);
    expect(commits()).toBe(0);
    expect(agent.status().problems.join()).toContain('the control plane stopped answering');
    node.controlPlane.down = undefined;
    await later(601_000);
    expect(commits()).toBe(1);
    expect(loaded(ruinous)).toBe(false);
  });

  it('waits after ten minutes with what comes then, which is loaded when the control plane answers', async () => {
    node.host.nowMs += 601_000;
    node.controlPlane.sessions = [makeEntry(), newcomer];
    await agent.refresh(['sessions'], signal);
    node.controlPlane.down = 'no route to the control plane';
    await agent.heartbeat(signal);
    const { commits } = count();
    await agent.pass();
    await agent.pass();
    expect(commits()).toBe(0);
    node.controlPlane.down = undefined;
    node.controlPlane.checkHealth = async () => undefined;
    await later(60_000);
    expect([...node.host.protocols.keys()]).toContain('dn42_4242420200');
    expect(loaded(ruinous)).toBe(true);
  });

  it('is not tried by a resync either while the control plane is away', async () => {
    node.controlPlane.down = 'away';
    const { commits } = count();
    node.host.nowMs += 5000;
    const atSeconds = Math.floor(node.host.nowMs / 1000);
    await agent.sync(signal);
    expect([commits(), loaded(ruinous)]).toEqual([0, false]);
    const { lastPass, problems } = agent.status();
    expect(lastPass?.atSeconds).toBe(atSeconds);
    expect(problems.join()).toContain(
      'undid the new BIRD configuration: the control plane stopped answering',
    );
  });

  it('is tried again when the clock was set back by a day', async () => {
    const { commits } = count();
    node.host.stepMs -= 86_400_000;
    await round();
    expect(commits()).toBe(1);
  });

  it('gives way to another one at once', async () => {
    wish(others.second);
    await round();
    expect(loaded(others.second)).toBe(true);
    expect(agent.status().problems.join()).not.toContain('the agent undid');
  });
});

describe.each([
  ['a policy', [makeEntry()]],
  ['a policy and a session', [makeEntry(), newcomer]],
])('%s that came while BIRD hung, and cut the node off once they are loaded', (_, sessions) => {
  const withNewcomer = sessions.includes(newcomer);
  const newcomerRuns = () => node.host.protocols.has('dn42_4242420200');

  beforeEach(async () => {
    node.controlPlane.sessions = sessions;
    node.host.birdRunning = false;
    wish(ruinous);
    await round();
    node.host.birdRunning = true;
    expect([loaded(ruinous), newcomerRuns()]).toEqual([false, false]);
  });

  it('are undone and named, and not tried again at the next polls', async () => {
    const { commits } = count();
    await round();
    await later(60_000);
    await later(60_000);
    expect(commits()).toBe(1);
    expect([loaded(ruinous), loaded(others.first)]).toEqual([false, true]);
    expect(agent.status().problems.join()).toContain(
      'undid the new BIRD configuration: the control plane stopped answering',
    );
    const errors = node.controlPlane.told.modify.filter(({ status }) => status === 'error');
    const undone = { uuid: 'abc-200', error: expect.stringContaining('the agent undid') };
    expect(errors).toMatchObject(withNewcomer ? [undone] : []);
  });

  it('are loaded after ten minutes if the control plane answers then, also by an agent started anew', async () => {
    await round();
    agent = await node.startAgent();
    const { commits } = count();
    node.controlPlane.checkHealth = async () => undefined;
    await round();
    expect(commits()).toBe(0);
    await later(601_000);
    expect([loaded(ruinous), newcomerRuns()]).toEqual([true, withNewcomer]);
    expect((await agent.pass()).changes).toEqual([]);
  });

  it('give way to another policy at once', async () => {
    await round();
    wish(others.second);
    await round();
    expect([loaded(others.second), newcomerRuns()]).toEqual([true, withNewcomer]);
    expect(agent.status().problems.join()).not.toContain('the agent undid');
  });
});

describe('an agent that is killed before it has seen that a policy cuts the node off', () => {
  beforeEach(async () => {
    const { host } = node;
    host.beforeEffect = (what) => {
      if (loaded(ruinous)) throw new Error(`killed before: ${what}`);
    };
    wish(ruinous);
    await round();
    expect(loaded(ruinous)).toBe(true);
    host.beforeEffect = () => undefined;
  });

  it.each([0, 1, 2, 3, 4])(
    'is followed by one that takes it back, also after %d killed at it, and waits for the control plane before it tries again',
    async (killed) => {
      node.controlPlane.down = 'no route to the control plane';
      const crash = plantCrash(node);
      for (let n = 1; n <= killed; n += 1) {
        agent = await node.startAgent();
        crash.arm(n);
        await agent.pass().catch(() => undefined);
        crash.disarm();
      }
      agent = await node.startAgent();
      await agent.pass();
      expect([loaded(ruinous), loaded(others.first)]).toEqual([false, true]);
      await later(60_000);
      expect(loaded(ruinous)).toBe(false);
      expect(agent.status().problems.join()).toContain('before the new BIRD configuration was confirmed');
      const { commits } = count();
      node.controlPlane.down = undefined;
      await later(60_000);
      expect(commits()).toBe(1);
      expect([loaded(ruinous), loaded(others.first)]).toEqual([false, true]);
    },
  );

  it('is followed by one that tries it at once where it would be missed, and undoes it', async () => {
    const { commits } = count();
    agent = await node.startAgent();
    await round();
    expect(commits()).toBe(1);
    expect([loaded(ruinous), loaded(others.first)]).toEqual([false, true]);
  });

  it('is followed by one that loads another at once', async () => {
    wish(others.second);
    agent = await node.startAgent();
    await round();
    expect(loaded(others.second)).toBe(true);
    expect(agent.status().problems.join()).not.toContain('before the new BIRD configuration was confirmed');
  });
});

it('a control plane that was away before is no reason to take a change back', async () => {
  node.controlPlane.down = 'away';
  await agent.heartbeat(signal);
  wish(others.second);
  node.controlPlane.down = undefined;
  await agent.refresh(['birdConfig'], signal);
  node.controlPlane.checkHealth = () => Promise.reject(unreachable());
  await agent.pass();
  expect(loaded(others.second)).toBe(true);
});

/** How often BIRD was given something to load from now on. */
function count(): { commits: () => number } {
  const { bird } = node.host;
  const { commit } = bird;
  let commits = 0;
  bird.commit = (...args) => {
    commits += 1;
    return commit(...args);
  };
  return { commits: () => commits };
}
