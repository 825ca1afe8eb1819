import { beforeEach, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import { type Agent, createAgent } from '../../../src/shell/agent.js';
import { openMemory } from '../../../src/shell/memory.js';
import { newNodeState } from '../../../src/shell/node-state.js';
import type { Pinger, StateStore } from '../../../src/shell/ports.js';
import { bootstrap, makeEntry } from '../make.js';
import { type FakeControlPlane, makeFakeControlPlane } from './fake-control-plane.js';
import { type FakeHost, makeFakeHost, makeFakeState } from './fake-host.js';

const { signal } = new AbortController();
let host: FakeHost;
let controlPlane: FakeControlPlane;
let state: StateStore;
let problems: string[];
let agent: Agent;

const pinger: Pinger = {
  ping: async (targets) => new Map(targets.map((target) => [target, { rttMs: 12.5, loss: 0 }])),
};

async function startAgent(): Promise<Agent> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return createAgent(
    {
      controlPlane,
      host,
      pinger,
      memory: await openMemory(state),
      templates: await loadTemplates(),
      settings: {
        nodeName: 'jp1',
        birdMode: 'full',
        keepaliveSeconds: 25,
        loopbackInterface: 'dummy0',
        policy: { roaUnknown: 'accept', blockedAsns: [], collector: undefined },
      },
      log: silent,
      logOnChange: (subject, problem) => problem !== undefined && problems.push(`${subject}: ${problem}`),
      facts: {
        version: '1.2.3',
        apiUrl: 'https://cp.example.net',
        pid: 42,
        kernel: '6.1',
        loadAverage: () => [0, 0, 0],
        uptimeSeconds: () => 61.9,
      },
      reportIntervalMs: 60_000,
      cutOff: signal,
      onCallFailed: () => undefined,
    },
    newNodeState({ config: bootstrap, birdConfig: undefined, mesh: undefined, sessions: undefined }),
  );
}

beforeEach(async () => {
  host = makeFakeHost();
  controlPlane = makeFakeControlPlane([makeEntry({ status: 'queued-for-setup' })]);
  state = makeFakeState();
  problems = [];
  agent = await startAgent();
});

async function round(): Promise<void> {
  await agent.refresh(['sessions'], signal);
  await agent.pass();
}

describe('status updates', () => {
  it('are posted once, on the transition', async () => {
    await round();
    await round();
    expect(controlPlane.told.modify).toEqual([
      { uuid: 'abc-123', status: 'active', interface: 'wg_24001', error: undefined },
    ]);
  });

  it('that the control plane did not take are posted again', async () => {
    await agent.refresh(['sessions'], signal);
    controlPlane.down = 'POST modify: 502';
    await agent.pass();
    expect(controlPlane.told.modify).toEqual([]);
    controlPlane.down = undefined;
    await agent.pass();
    expect(controlPlane.told.modify).toHaveLength(1);
  });

  it('are not repeated after a restart', async () => {
    await round();
    agent = await startAgent();
    await round();
    expect(controlPlane.told.modify).toHaveLength(1);
  });

  it('follow the state: error when it breaks, active when it is mended', async () => {
    await round();
    controlPlane.sessions = [makeEntry()];
    host.linkTable.delete('wg_24001');
    host.wireguardTable.delete('wg_24001');
    host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
    await round();
    host.breaks.clear();
    await round();
    expect(controlPlane.told.modify.map(({ status }) => status)).toEqual(['active', 'error']);
    controlPlane.sessions = [makeEntry({ status: 'error' })];
    await round();
    expect(controlPlane.told.modify.map(({ status }) => status)).toEqual(['active', 'error', 'active']);
  });
});

describe('a control plane that does not answer', () => {
  it('tears nothing down, and is named', async () => {
    await round();
    controlPlane.down = 'GET sessions: connection refused';
    await round();
    expect(host.linkTable.has('wg_24001')).toBe(true);
    expect(problems).toContain('GET sessions: connection refused');
    expect(agent.status()).toMatchObject({ health: 'degraded', controlPlane: { reachable: false } });
  });

  it('does not keep what drifted from being repaired', async () => {
    await round();
    controlPlane.down = 'GET sessions: connection refused';
    Object.assign(host.linkTable.get('wg_24001') ?? {}, { mtu: 1500 });
    await round();
    expect(host.linkTable.get('wg_24001')?.mtu).toBe(1420);
  });
});

it('a sync fetches, applies and posts everything, and names what did not succeed', async () => {
  const result = await agent.sync(signal);
  expect(result).toMatchObject({ ok: false, errors: ['GET bird-config: 404'] });
  expect(result.changes).toContain('session abc-123: create tunnel wg_24001 (it is missing)');
  expect(controlPlane.told.modify).toHaveLength(1);
  expect(controlPlane.told.mesh).toEqual([[]]);
  expect(controlPlane.told.heartbeat.at(-1)).toMatchObject({
    version: '1.2.3',
    uptimeSeconds: 61,
    birdVersion: '2.0.12',
  });
  expect(controlPlane.told.report).toMatchObject([
    [{ uuid: 'abc-123', rttMs: 12.5, bgpState: 'Established', protocols: ['dn42_4242421080'] }],
  ]);
});

it('the status shows each session as the last pass saw it', async () => {
  await agent.sync(signal);
  expect(agent.status().sessions).toMatchObject([
    {
      uuid: 'abc-123',
      asn: 4242421080,
      state: 'ok',
      status: 'queued-for-setup',
      rttMs: 12.5,
      bgp: { state: 'Established' },
    },
  ]);
});

it('a report is due once per interval', async () => {
  await round();
  await agent.reportIfDue(signal);
  await agent.reportIfDue(signal);
  expect(controlPlane.told.report).toHaveLength(1);
  host.nowMs += 60_000;
  await agent.reportIfDue(signal);
  expect(controlPlane.told.report).toHaveLength(2);
});

it('a system that cannot be read is a problem of the node, and the next pass works', async () => {
  host.breaks.set('wireguard.observe', new Error('wg is not installed'));
  await round();
  expect(agent.status().problems[0]).toContain('wg is not installed');
  host.breaks.clear();
  await round();
  expect(host.linkTable.has('wg_24001')).toBe(true);
});
