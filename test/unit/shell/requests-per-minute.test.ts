import { expect, it } from 'vitest';
import type { DialectName } from '../../../src/adapters/control-plane/dialects/dialect.js';
import { configSchema } from '../../../src/config/schema.js';
import { heartbeatLoop, type Loop, loopsOf, runLoop } from '../../../src/shell/loops.js';
import { type FakeNode, makeFakeNode } from '../../fakes/fake-node.js';
import { documentedAt, fakeServer, moenetCoreAt } from '../adapters/control-plane/fake-server.js';
import { speakingClient } from '../adapters/control-plane/speaking-client.js';
import { read } from '../documents.js';

const minuteMs = 60_000;
// Until then the first round and the first report are over.
const startMinutes = 5;
/** As long as the longest intervals need for a whole number of rounds. */
const countedMinutes = 20;

/** Runs loops by the clock of the node's host, which goes from one moment in which a loop wakes to the next. */
function startLoops(node: FakeNode, loops: readonly Loop[]) {
  const waiting: { readonly atMs: number; readonly wake: () => void }[] = [];
  const stop = new AbortController();
  const clock = {
    ...node.host.clock,
    sleep: (ms: number) => new Promise<void>((wake) => waiting.push({ atMs: node.host.nowMs + ms, wake })),
  };
  const onError = (name: string, error: unknown) => expect.fail(`${name}: ${error}`);
  const running = loops.map((loop) => runLoop(loop, { clock, random: () => 0.5, onError }, stop.signal));
  const allWait = async () => {
    while (waiting.length < loops.length) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    runUntil: async (ms: number) => {
      await allWait();
      for (;;) {
        waiting.sort((a, b) => a.atMs - b.atMs);
        if ((waiting[0]?.atMs ?? 0) > ms) return;
        const next = waiting.shift();
        node.host.nowMs = Math.max(node.host.nowMs, next?.atMs ?? 0);
        next?.wake();
        await allWait();
      }
    },
    stop: async () => {
      stop.abort();
      for (const { wake } of waiting) wake();
      await Promise.all(running);
    },
  };
}

/** The intervals of a configuration that names none. */
function usualIntervals() {
  const intervals = configSchema.shape.intervals.parse({});
  return {
    lookMs: intervals.look * 1000,
    sessionsMs: intervals.sessions * 1000,
    heartbeatMs: intervals.heartbeat * 1000,
    meshMs: intervals.mesh * 1000,
    birdConfigMs: intervals.birdConfig * 1000,
  };
}

/** By call: how many requests a node makes in a minute when all is well. */
async function requestsPerMinute(dialect: DialectName): Promise<ReadonlyMap<string, number>> {
  const server = fakeServer(dialect === 'documented' ? documentedAt() : moenetCoreAt());
  const node = makeFakeNode();
  Object.assign(node.controlPlane, speakingClient(server, { dialect }).client);
  const agent = await node.startAgent();
  await agent.settle(new AbortController().signal);
  const intervals = usualIntervals();
  // The looks between them ask the control plane nothing.
  const loops = startLoops(node, [heartbeatLoop(agent, intervals), ...loopsOf(agent, intervals)]);
  const startMs = node.host.nowMs;
  await loops.runUntil(startMs + startMinutes * minuteMs);
  const before = server.seen.length;
  await loops.runUntil(startMs + (startMinutes + countedMinutes) * minuteMs);
  const seen = server.seen.slice(before);
  await loops.stop();
  const calls = seen.map((asked) => asked.replace(/ \S*\/agent\/(?:jp1\/)?/, ' '));
  const count = (call: string) => calls.filter((each) => each === call).length / countedMinutes;
  return new Map([...new Set(calls)].map((call) => [call, count(call)]));
}

/** What docs/fleet.md says, for the first and the second dialect. */
function toldInDocument(column: 0 | 1): ReadonlyMap<string, number> {
  const rows = [
    ...read('docs/fleet.md').matchAll(/^\| `((?:GET|POST) [^`]+)` \|.*\| ([\d.]+) \| ([\d.]+) \|$/gm),
  ];
  return new Map(rows.map(([, call = '', ...counts]) => [call, Number(counts[column])]));
}

it.each([
  ['documented', 0],
  ['moenet-core', 1],
] as const)('%s: a node makes as many requests as docs/fleet.md says', async (dialect, column) => {
  const told = new Map([...toldInDocument(column)].filter(([, count]) => count > 0));
  // Only where a session changes, which is not what the table is about.
  const counted = new Map([...(await requestsPerMinute(dialect))].filter(([call]) => call !== 'POST modify'));
  expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(told));
});

it('docs/fleet.md adds them up', () => {
  const sums = [0, 1].map((column) =>
    [...toldInDocument(column as 0 | 1).values()].reduce((sum, count) => sum + count, 0).toFixed(1),
  );
  expect(read('docs/fleet.md')).toContain(`| all | | ${sums.join(' | ')} |`);
});
