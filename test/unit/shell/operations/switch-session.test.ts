import { beforeEach, describe, expect, it } from 'vitest';
import { switchOff } from '../../../../src/lab/simulated/machine/fake-bird.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, otherKey } from '../../make.js';

const { signal } = new AbortController();
const name = 'dn42_4242421080';
const other = 'dn42_4242421081';
const path = `peers/${name}.conf`;
let node: FakeNode;
let agent: Agent;

const first = makeEntry({ status: 'active' });
const second = makeEntry({
  uuid: 'abc-124',
  status: 'active',
  asn: 4242421081 as never,
  interface: 'wg_24002',
  listenPort: 24002,
  publicKey: otherKey,
});

async function start(): Promise<void> {
  agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
}

beforeEach(async () => {
  node = makeFakeNode();
  node.controlPlane.sessions = [first, second];
  await start();
});

const isOff = (protocol = name) => node.host.protocols.get(protocol)?.disabled;
const row = () => agent.status().sessions.find(({ uuid }) => uuid === 'abc-123');
const told = () => node.controlPlane.told.modify.filter(({ uuid }) => uuid === 'abc-123').at(-1);

describe('a session that birdc disabled', () => {
  beforeEach(async () => {
    switchOff(node.host, name);
    await agent.pass();
  });

  it('is left alone, also by loads for other sessions', async () => {
    expect(isOff()).toBe(true);
    node.controlPlane.sessions = [first];
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    expect([isOff(), node.host.protocols.has(other)]).toEqual([true, false]);
    expect((await agent.pass()).changes).toEqual([]);
  });

  it('is named with what to type, in status and plan, and told to the control plane once', async () => {
    const words =
      /^disabled by hand on this node since 2027-01-15 .* UTC \(birdc disable\): dn42_4242421080 stays off until: moenet-agent enable wg_24001$/;
    expect(row()).toMatchObject({ state: 'disabled', error: expect.stringMatching(words) });
    expect(agent.status().problems).toEqual([
      expect.stringMatching(/^session abc-123 \(AS4242421080\): disabled by hand/),
    ]);
    expect(told()).toMatchObject({ status: 'error', error: expect.stringMatching(words) });
    const posts = node.controlPlane.told.modify.length;
    node.host.nowMs += 3_600_000;
    await agent.pass();
    expect(node.controlPlane.told.modify).toHaveLength(posts);
    expect((await agent.foresee()).plan.changes).toEqual([]);
  });

  it('stays off over a restart of the agent, of BIRD, and of both with the state lost', async () => {
    expect(node.host.files.get(path)).toContain('    disabled yes;\n');
    await start();
    expect(isOff()).toBe(true);
    node.state.documents.clear();
    await start();
    expect([isOff(), row()?.state]).toEqual([true, 'disabled']);
    expect(node.host.files.get(path)).toContain('    disabled yes;\n');
  });

  it('comes back by enable, and is posted as active', async () => {
    const result = await agent.switchSession({ session: 'wg_24001', to: 'enabled', now: true });
    expect(result.errors).toEqual([]);
    expect(result).toMatchObject({ ok: true, state: 'enabled', session: { interface: 'wg_24001' } });
    expect(isOff()).toBe(false);
    expect(node.host.files.get(path)).not.toContain('disabled');
    expect([row()?.state, told()?.status]).toEqual(['ok', 'active']);
    expect((await agent.pass()).changes).toEqual([]);
  });

  it('comes back by birdc enable', async () => {
    await node.host.bird.enable(name);
    await agent.pass();
    expect([isOff(), row()?.state]).toEqual([false, 'ok']);
    expect(node.host.files.get(path)).not.toContain('disabled');
  });

  it('is not enabled by a change that is undone', async () => {
    node.host.breaks.set('bird.observe', new Error('no look'));
    await agent.pass();
    node.host.breaks.clear();
    expect(isOff()).toBe(true);
  });
});

it('a protocol that BIRD only starts over is not taken for one that was disabled', async () => {
  switchOff(node.host, name);
  const { sleep } = node.host.clock;
  Object.assign(node.host.clock, {
    sleep: async (ms: number) => {
      await node.host.bird.enable(name);
      await sleep(ms);
    },
  });
  await agent.pass();
  expect([isOff(), row()?.state]).toEqual([false, 'ok']);
});

describe('moenet-agent disable', () => {
  it('leads the traffic away first, and then switches the session off by itself', async () => {
    const result = await agent.switchSession({ session: 'AS4242421080', to: 'disabled', now: false });
    expect(result).toMatchObject({ ok: true, state: 'draining' });
    expect(node.host.files.get(path)).toContain('filter { moenet_drain(); moenet_link_out(');
    expect(node.host.files.get(path)).toContain('filter { moenet_drain(); moenet_link_in(');
    expect(isOff()).toBe(false);
    expect(agent.status().notes?.join()).toContain(
      'session abc-123 (AS4242421080): the agent leads traffic away until',
    );
    await start();
    expect(isOff()).toBe(false);
    node.host.nowMs += 61_000;
    await agent.pass();
    expect([isOff(), isOff(other), row()?.state]).toEqual([true, false, 'disabled']);
    expect(node.host.files.get(path)).not.toContain('moenet_drain');
  });

  it('at once with --now, and is no collapse where there is no other session', async () => {
    node.controlPlane.sessions = [first];
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    const result = await agent.switchSession({ session: 'abc-123', to: 'disabled', now: true });
    expect(result).toMatchObject({ ok: true, state: 'disabled', errors: [] });
    expect(isOff()).toBe(true);
    await start();
    expect(isOff()).toBe(true);
  });

  it('is cancelled by enable while the traffic is led away', async () => {
    await agent.switchSession({ session: name, to: 'disabled', now: false });
    expect(await agent.switchSession({ session: name, to: 'enabled', now: true })).toMatchObject({
      state: 'enabled',
    });
    expect(node.host.files.get(path)).not.toContain('moenet_drain');
    expect(isOff()).toBe(false);
  });

  it('is kept while BIRD does not run', async () => {
    node.host.birdRunning = false;
    const result = await agent.switchSession({ session: 'wg_24001', to: 'disabled', now: true });
    expect(result.state).toBe('disabled');
    expect(node.host.files.get(path)).toContain('    disabled yes;\n');
  });

  it('says which sessions a word means where it is not one', async () => {
    const none = await agent.switchSession({ session: 'wg_9', to: 'disabled', now: true });
    expect(none).toMatchObject({ ok: false, session: undefined });
    expect(none.errors).toEqual(['no session on this node is called wg_9; moenet-agent status lists them']);
    const twin = makeEntry({ uuid: 'abc-125', interface: 'wg_24003', listenPort: 24003 });
    node.controlPlane.sessions = [first, twin];
    await agent.refresh(['sessions'], signal);
    const two = await agent.switchSession({ session: '4242421080', to: 'disabled', now: true });
    expect(two.errors).toEqual([
      '4242421080 means 2 sessions: wg_24001 (session abc-123), wg_24003 (session abc-125); name one by its interface or its uuid',
    ]);
  });
});

it('a removed session is also removed from the memory', async () => {
  await agent.switchSession({ session: 'wg_24001', to: 'disabled', now: true });
  node.controlPlane.sessions = [second];
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  node.controlPlane.sessions = [first, second];
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  expect(isOff()).toBe(false);
});

describe("while an operator's configuration is on trial in BIRD", () => {
  const third = makeEntry({
    uuid: 'abc-126',
    status: 'queued-for-setup',
    interface: 'wg_24004',
    listenPort: 24004,
  });

  beforeEach(async () => {
    node.host.undoSeconds = 250;
    node.controlPlane.sessions = [first, second, third];
    await agent.refresh(['sessions'], signal);
  });

  it('BIRD loads nothing, status says so, and the waiting session is not posted as failed', async () => {
    const reloads = node.host.birdReloads;
    await agent.pass();
    expect(node.host.birdReloads).toBe(reloads);
    expect(node.host.linkTable.has('wg_24004')).toBe(true);
    expect(agent.status().problems.join()).toMatch(
      /an operator has a configuration on trial in BIRD .* "birdc configure undo"/,
    );
    expect(node.controlPlane.told.modify.filter(({ uuid }) => uuid === 'abc-126')).toEqual([]);
    node.host.undoSeconds = undefined;
    await agent.pass();
    expect(node.host.birdReloads).toBe(reloads + 1);
    expect(agent.status().problems).toEqual([]);
  });

  it('the session is posted as failed after more than ten minutes', async () => {
    await agent.pass();
    node.host.nowMs += 601_000;
    await agent.pass();
    expect(node.controlPlane.told.modify.filter(({ uuid }) => uuid === 'abc-126').at(-1)).toMatchObject({
      status: 'setup-failed',
      error: expect.stringContaining('on trial'),
    });
  });
});
