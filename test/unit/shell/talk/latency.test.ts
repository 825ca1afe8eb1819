import { beforeEach, describe, expect, it } from 'vitest';
import type { BirdConfig } from '../../../../src/core/model/control-plane.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, v6 } from '../../make.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
});

/** Measures once a minute. */
async function report(rttMs: number | undefined, times = 1): Promise<void> {
  node.rttMs = rttMs;
  for (let count = 0; count < times; count += 1) {
    node.host.nowMs += 60_000;
    await agent.report(signal);
  }
}

async function list(sessions: readonly SessionEntry[]): Promise<void> {
  node.controlPlane.sessions = sessions;
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  await agent.report(signal);
}

const refused: SessionEntry = {
  kind: 'refused',
  uuid: sessionId.parse('abc-123'),
  status: 'active',
  asn: undefined,
  interface: 'wg_24001',
  reason: 'mtu: 40 is not an MTU',
};

function tier(): number | undefined {
  return agent.status().sessions[0]?.latencyTier;
}

function stored(): unknown {
  return JSON.parse(node.state.documents.get('memory') ?? '{}').latencies;
}

/** A policy that names this many latency tiers. */
function policyOf(tiers: number): BirdConfig {
  const names = Array.from({ length: tiers }, (_, index) => [`tier${index}`, [64511, index + 1]]);
  return {
    node: {},
    policy: { rpkiServers: [], communities: { latency: Object.fromEntries(names) }, largeCommunities: {} },
    ibgpPeers: [],
    refused: [],
  } as unknown as BirdConfig;
}

it('a change of tier is said with both tiers and the time, once for a pass', async () => {
  await report(5);
  node.rttMs = 40;
  const whys: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    node.host.nowMs += 60_000;
    whys.push(...(await agent.report(signal)).changes);
  }
  expect(whys.filter((why) => why.includes('write peers/'))[0]).toMatch(
    /^session abc-123 \(AS4242421080\): write peers\/dn42_4242421080\.conf \(the latency tier changes from 1 to 3, at \d+\.\d ms\)$/,
  );
});

describe("a link's latency tier", () => {
  it('is not known before the first answer', async () => {
    expect(tier()).toBeUndefined();
    await report(undefined);
    expect(tier()).toBeUndefined();
  });

  it('follows the answers, and stays where they are lost', async () => {
    await report(12);
    expect(tier()).toBe(2);
    await report(undefined, 3);
    expect(tier()).toBe(2);
    await report(100, 20);
    expect(tier()).toBe(4);
  });

  it('is one of the policy', async () => {
    node.controlPlane.fetchBirdConfig = async () => policyOf(3);
    await agent.refresh(['birdConfig'], signal);
    await report(400);
    expect(tier()).toBe(2);
  });

  it('is remembered over a restart', async () => {
    await report(12);
    agent = await node.startAgent();
    await agent.refresh(['sessions'], signal);
    expect(tier()).toBe(2);
  });

  it('is forgotten with its session, and only then', async () => {
    await report(12);
    await list([refused]);
    expect(stored()).toHaveProperty('abc-123');
    await list([]);
    expect(stored()).toEqual({});
  });
});

describe('the memory', () => {
  it('is written when a tier changes, not when a smoothed time moves', async () => {
    await report(12);
    const first = stored();
    await report(14, 5);
    expect(stored()).toEqual(first);
    await report(100, 20);
    expect(stored()).toMatchObject({ 'abc-123': { tier: 4 } });
  });

  it('is not lost to a write that fails', async () => {
    const { write } = node.state;
    node.state.write = () => Promise.reject(new Error('no space left on device'));
    await report(12);
    node.state.write = write;
    await agent.pass();
    expect(stored()).toMatchObject({ 'abc-123': { tier: 2 } });
  });
});

it('a tier that changed is used at once', async () => {
  const passes = () => node.host.counts.get('wireguard.observe') ?? 0;
  const before = passes();
  await report(12);
  expect(passes()).toBeGreaterThan(before);
  const after = passes();
  await report(13);
  expect(passes()).toBe(after);
});

it('measurements in quick succession, as under load at a start, change no tier', async () => {
  await report(3);
  const reloads = node.host.birdReloads;
  for (const rttMs of [60, 200, 8, 90, 30, 400, 500, 600, 700, 5]) {
    node.rttMs = rttMs;
    node.host.nowMs += 2_000;
    await agent.report(signal);
  }
  expect(tier()).toBe(1);
  expect(node.host.birdReloads).toBe(reloads);
});

it('the tiers that change at one measurement go into one reload', async () => {
  node.rttMs = 3;
  const uuids = ['abc-123', 'abc-124', 'abc-125'];
  await list(
    uuids.map((uuid, index) =>
      makeEntry({
        uuid,
        asn: asn.parse(4242421080 + index),
        interface: `wg_2400${index + 1}`,
        listenPort: 24001 + index,
        ipv6LinkLocal: v6(`fe80::${index + 10}`),
      }),
    ),
  );
  expect(agent.status().sessions.map(({ latencyTier }) => latencyTier)).toEqual([1, 1, 1]);
  const reloads = node.host.birdReloads;
  await report(100, 20);
  expect(agent.status().sessions.map(({ latencyTier }) => latencyTier)).toEqual([4, 4, 4]);
  expect(node.host.birdReloads).toBe(reloads + 1);
});

it('a tier that changes during a pass is for the next one, and no failure of the session', async () => {
  const { bird } = node.host;
  const { commit } = bird;
  Object.assign(node.host, {
    bird: {
      ...bird,
      commit: async (...files: Parameters<typeof commit>) => {
        node.rttMs = 100;
        measured = agent.report(signal);
        await expect.poll(tier).toBe(4);
        return commit(...files);
      },
    },
  });
  let measured: Promise<unknown> = Promise.resolve();
  await agent.setMaintenance(true, signal);
  await measured;
  expect(agent.status().problems).toEqual([]);
  expect(node.controlPlane.told.modify.map(({ status }) => status)).toEqual(['active']);
});
