import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/platform/clock.js';
import { runDaemon, type Service } from '../../../src/shell/daemon.js';
import { startingStatus } from '../../../src/shell/status/node-status.js';
import { type FakeNode, makeFakeNode } from '../../fakes/fake-node.js';
import { patiently } from '../../patiently.js';

const facts = { version: '1', pid: 42, node: 'jp1', uptimeSeconds: 1, apiUrl: 'https://x', nowSeconds: 1 };

let node: FakeNode;
let stop: AbortController;
let errors: string[];
let closed: boolean;
let daemon: Promise<void>;

beforeEach(() => {
  node = makeFakeNode();
  stop = new AbortController();
  errors = [];
  closed = false;
});

afterEach(async () => {
  stop.abort();
  await daemon;
  expect(closed).toBe(true);
  expect(errors).toEqual([]);
});

/** Starts the daemon; resolves to what others can ask of it. */
function start(): Promise<Service> {
  return new Promise((resolve) => {
    daemon = run(resolve);
  });
}

function run(serve: (service: Service) => void): Promise<void> {
  return runDaemon(
    {
      controlPlane: node.controlPlane,
      clock: systemClock,
      log: { info: () => undefined, warn: () => undefined, error: (text) => errors.push(text) },
      logOnChange: () => undefined,
      intervals: { lookMs: 10, sessionsMs: 10, heartbeatMs: 5, meshMs: 10, birdConfigMs: 60_000 },
      random: () => 0.5,
      startingStatus: () => startingStatus(facts),
      serve: async (service) => {
        serve(service);
        return async () => {
          closed = true;
        };
      },
      openAgent: () => node.startAgent(),
      ready: async () => undefined,
      onProgress: () => undefined,
    },
    stop.signal,
  );
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

describe('a state directory that does not answer at the start', () => {
  it('ends the daemon with the reason, for the service manager to start it again', async () => {
    node.controlPlane.recall = () => Promise.reject(new Error('the state directory does not answer'));
    const ended = run(() => undefined);
    await expect(ended).rejects.toThrow('the state directory does not answer');
    daemon = Promise.resolve();
  });
});

describe('the loops', () => {
  it('do not wait for the pings of the first report', async () => {
    node.beforePing = untilAborted;
    await start();
    const { told } = node.controlPlane;
    await vi.waitFor(
      () => expect(Math.min(told.mesh.length, told.heartbeat.length)).toBeGreaterThan(3),
      patiently,
    );
    expect(told.report).toEqual([]);
  });

  it('are posted while the first round still runs', async () => {
    let answer = () => {};
    const { fetchSessions } = node.controlPlane;
    node.controlPlane.fetchSessions = async (signal) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return fetchSessions(signal);
    };
    await start();
    await vi.waitFor(() => expect(node.controlPlane.told.heartbeat.length).toBeGreaterThan(3), patiently);
    expect(node.controlPlane.told.mesh).toEqual([]);
    node.controlPlane.fetchSessions = fetchSessions;
    answer();
    await vi.waitFor(() => expect(node.controlPlane.told.report.length).toBeGreaterThan(0), patiently);
  });
});

describe('before the configuration is known', () => {
  beforeEach(() => {
    node.controlPlane.down = 'GET config: connection refused';
  });

  it('the status says so, and a resync does nothing', async () => {
    const service = await start();
    expect(service.status().problems.join()).toContain('waiting for the bootstrap configuration');
    expect(await service.resync({ force: false })).toMatchObject({ ok: false, changes: [] });
  });

  it('maintenance is neither told nor changed', async () => {
    const service = await start();
    await expect(service.maintenance({})).rejects.toThrow('does not know its configuration yet');
    await expect(service.setMaintenance({ on: true, withTraffic: true })).rejects.toThrow(
      'does not know its configuration yet',
    );
  });
});

it('the stored answers are applied while the control plane is away', async () => {
  const { controlPlane } = node;
  controlPlane.known = { ...controlPlane.known, config: await controlPlane.fetchConfig() };
  controlPlane.down = 'connection refused';
  const service = await start();
  await vi.waitFor(() => expect(service.status().lastPass).toBeDefined(), patiently);
  expect(node.host.linkTable.has('dummy0')).toBe(true);
});

it('waits for the operations that others asked for, and starts no new ones', async () => {
  const service = await start();
  await vi.waitFor(() => expect(node.controlPlane.told.report.length).toBeGreaterThan(0), patiently);
  let apply = () => {};
  const held = new Promise<void>((resolve) => {
    apply = resolve;
  });
  const { observe } = node.host.links;
  node.host.links.observe = async (signal) => {
    await held;
    return observe(signal);
  };
  const asked = service.resync({ force: false });
  stop.abort();
  await expect(service.resync({ force: false })).rejects.toThrow('stopping');
  await new Promise(setImmediate);
  expect(closed).toBe(false);
  apply();
  await asked;
  await daemon;
  expect(closed).toBe(true);
});
