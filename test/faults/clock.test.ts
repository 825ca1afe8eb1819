import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeStatus } from '../../src/shell/status/status.js';
import { type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { pictureOf } from './harness/picture.js';
import { servesNewcomer, untilHealthy, untilPasses } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

const daySeconds = 86_400;

let node: FaultyNode;
beforeAll(async () => {
  node = await openFaultyNode('jp1', 1, {
    daemonEnv: (directory) => ({
      NODE_OPTIONS: `--import=${resolve('test/faults/harness/shifted-clock.mjs')}`,
      CLOCK_SHIFT: `${directory}/clock-shift`,
    }),
  });
  await untilHealthy(node);
});
afterAll(() => node?.close());

// Each is a step from the one before it.
const clocks: readonly (readonly [string, number])[] = [
  ['a day ahead', daySeconds],
  ['a day behind', -daySeconds],
  ['right again', 0],
];

describe('clock', () => {
  it.for(clocks)('%s', async ([, shiftSeconds], { task }) => {
    const before = await pictureOf(node);
    const logged = node.log.length;
    await node.setClockShift(shiftSeconds * 1000);
    const namedMs = await waitFor('a pass at the new time', async () => {
      const { lastPass } = await node.status();
      return Math.abs((lastPass?.atSeconds ?? 0) - shiftSeconds - Date.now() / 1000) < 60;
    });
    await untilPasses(node, 3, 30_000);
    expectSaneTimes(await node.status(), Date.now() / 1000 + shiftSeconds);
    const recoveredMs = await servesNewcomer(node);
    expect(await pictureOf(node)).toEqual(before);
    // The control plane of these tests does not change its list for what it is told, which is said after some polls.
    const words = node.log.slice(logged).filter(({ level }) => level !== 'info');
    expect(words.filter(({ msg }) => !msg.endsWith('posts it again'))).toEqual([]);
    expect(node.daemon.exitCode ?? node.daemon.signalCode).toBe(null);
    task.meta.finding = { seen: 'nothing changed', namedMs, recoveredMs };
  });
});

/** Nothing has taken a day, will be in the future, or is older than the node. */
function expectSaneTimes(status: NodeStatus, nowSeconds: number): void {
  const answered = nowSeconds - (status.controlPlane.lastAnswerSeconds ?? 0);
  expect(answered).toBeGreaterThan(-2);
  expect(answered).toBeLessThan(60);
  expect(status.lastPass?.durationMs).toBeGreaterThanOrEqual(0);
  expect(status.lastPass?.durationMs).toBeLessThan(60_000);
  expect(status.agent.uptimeSeconds).toBeLessThan(600);
  for (const { tunnel } of [...status.sessions, ...status.mesh]) {
    expect(tunnel?.handshakeSecondsAgo ?? 0).toBeGreaterThanOrEqual(0);
  }
}
