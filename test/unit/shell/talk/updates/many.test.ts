import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../../../../src/adapters/control-plane/http/rate-limit.js';
import { agent, calls, node, restartAgent, round, session, signal, useNode } from './told-node.js';

useNode();

describe('hundreds of updates', () => {
  it('do not hold up the passes: a minute has room for some, and a later pass goes on', async () => {
    node.controlPlane.sessions = Array.from({ length: 250 }, (_, index) => session(index + 1));
    const counts: number[] = [];
    await agent.refresh(['sessions'], signal);
    for (const waitMs of [0, 0, 60_000, 0]) {
      node.host.nowMs += waitMs;
      await agent.pass();
      counts.push(calls.length);
    }
    expect(counts).toEqual([201, 201, 251, 251]);
    expect(new Set(calls).size).toBe(251);
  });

  it('go on by themselves as soon as a minute has room for the rest, and then stop', async () => {
    let passes = 0;
    node.onPass = () => {
      passes += 1;
    };
    node.controlPlane.sessions = Array.from({ length: 250 }, (_, index) => session(index + 1));
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    const counts: number[] = [];
    for (const waitMs of [0, 59_999, 1, 60_000]) {
      node.host.nowMs += waitMs;
      await agent.repairIfDue();
      counts.push(calls.length);
    }
    expect(counts).toEqual([201, 201, 251, 251]);
    expect(passes).toBe(2);
  });

  it('are sent within the rate limit, one after another, and written down once a second', async () => {
    const reserve = rateLimit(240);
    const times: number[] = [];
    const { postModify } = node.controlPlane;
    node.controlPlane.postModify = async (...args) => {
      node.host.nowMs += reserve(node.host.nowMs);
      times.push(node.host.nowMs);
      await postModify(...args);
    };
    node.controlPlane.sessions = Array.from({ length: 600 }, (_, index) => session(index + 1));
    const { write } = node.state;
    let writes = 0;
    node.state.write = async (...args) => {
      writes += 1;
      await write(...args);
    };
    await agent.sync(signal);
    expect(new Set(calls).size).toBe(601);
    for (const [index, time] of times.entries()) {
      expect((times[index + 240] ?? Number.POSITIVE_INFINITY) - time).toBeGreaterThanOrEqual(60_000);
    }
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
    expect(writes).toBeLessThanOrEqual(seconds + 10);
  });

  it('do not hold up the passes where each takes long', async () => {
    const { postModify } = node.controlPlane;
    node.controlPlane.postModify = async (...args) => {
      node.host.nowMs += 8_000;
      await postModify(...args);
    };
    node.controlPlane.sessions = Array.from({ length: 20 }, (_, index) => session(index + 1));
    await round();
    expect(calls).toHaveLength(5);
  });

  it('leave room for heartbeats, however many are to be posted', async () => {
    const times: number[] = [];
    const { postModify } = node.controlPlane;
    node.controlPlane.postModify = async (...args) => {
      times.push(node.host.nowMs);
      await postModify(...args);
    };
    node.controlPlane.sessions = Array.from({ length: 450 }, (_, index) => session(index + 1));
    await agent.sync(signal);
    const startedMs = times[0] ?? 0;
    expect(times.filter((at) => at < startedMs + 60_000)).toHaveLength(200);
    expect(times.filter((at) => at < startedMs + 120_000)).toHaveLength(400);
    expect(times).toHaveLength(450);
  });

  it('sent in no time are written down at once', async () => {
    node.controlPlane.sessions = Array.from({ length: 600 }, (_, index) => session(index + 1));
    const { write } = node.state;
    let writes = 0;
    node.state.write = async (...args) => {
      writes += 1;
      await write(...args);
    };
    await agent.sync(signal);
    // Also before each wait for the next minute.
    expect(writes).toBeLessThan(30);
    const told = calls.filter((call) => call !== 'heartbeat');
    await restartAgent();
    await round();
    expect(told).toHaveLength(600);
    expect(calls.filter((call) => call !== 'heartbeat')).toEqual(told);
  });
});
