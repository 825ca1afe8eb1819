import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { postsOf } from '../../../src/lab/control-plane/control-plane-state.js';
import { resync } from '../../e2e/ask-daemon.js';
import { waitFor } from '../../faults/harness/wait-for.js';
import { isCheck, isLoad } from '../bird-relay.js';
import { sessionRows } from '../control-plane.js';
import type { Figure } from '../figures.js';
import { type BenchNode, openNode } from '../node.js';
import { childrenOf, memoryOf, processorSeconds } from '../process-times.js';
import { countedByName } from '../programs.js';
import { figuresOf } from './figures-of.js';

export interface DaemonPlan {
  readonly sessions: number;
  /** The sessions wait for their set-up: how long it takes until the control plane knows of the last one. Else they are active. */
  readonly isQueued: boolean;
  readonly idleSeconds: number;
  readonly passes: number;
  readonly newcomers: number;
}

const heartbeatSeconds = 30;
/** Nothing by itself while single passes are measured. */
const quiet = { look: 3600, sessions: 3600, report: 3600, heartbeat: 3600, mesh: 3600, birdConfig: 3600 };

/** A daemon from its start on: its sessions are set up, it is idle, and new sessions come. */
export async function measureDaemon(
  plan: DaemonPlan,
  say: (words: string) => void,
): Promise<readonly Figure[]> {
  const node = await openNode('daemon');
  try {
    node.addSessions(sessionRows(0, plan.sessions, plan.isQueued ? 'queued for setup' : 'active'));
    const startedMs = Date.now();
    const first = await node.start();
    const queued = plan.isQueued ? await untilAllTold(node, plan.sessions, startedMs) : {};
    await waitFor('all is set up', async () => (await node.tunnels()).length === plan.sessions, 600_000);
    await resync(node.namespace);
    const idle = plan.idleSeconds > 0 ? await idleFor(node, first, plan.idleSeconds) : {};
    const { resident, peak } = await memoryOf(first.pid ?? 0);
    await node.stop(first);
    const daemon = await node.start(quiet);
    await resync(node.namespace);
    const passes = [await passesOf(node, daemon, plan.passes), await passesOf(node, daemon, plan.passes)];
    const newcomers = [];
    for (let index = 0; index < plan.newcomers; index += 1)
      newcomers.push(await newcomerOf(node, plan.sessions + index, index === 0 ? say : () => undefined));
    await assertNothingHidden(daemon);
    await node.stop(daemon);
    const once = { ...queued, ...idle, 'memory.resident': resident, 'memory.peak': peak };
    return [
      ...figuresOf(plan.sessions, [once]),
      ...figuresOf(plan.sessions, passes),
      ...figuresOf(plan.sessions, newcomers),
    ];
  } finally {
    await node.close();
  }
}

/** From the start of the daemon until the control plane knows of the last session, and the longest time between two heartbeats. */
async function untilAllTold({ controlPlane }: BenchNode, sessions: number, startedMs: number) {
  const told = () =>
    new Set(
      postsOf(controlPlane, 'modify').flatMap(({ body }) => (body.status === 'active' ? body.uuid : [])),
    );
  await waitFor('the last session is told', async () => told().size === sessions, 1_200_000);
  const lastMs = Math.max(...postsOf(controlPlane, 'modify').map(({ atMs }) => atMs));
  const beats = postsOf(controlPlane, 'heartbeat').map(({ atMs }) => atMs);
  const times = [startedMs, ...beats, lastMs];
  const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs));
  return {
    'queued.wall': (lastMs - startedMs) / 1000,
    // A shorter time says nothing of them.
    ...(lastMs - startedMs > heartbeatSeconds * 1000 ? { 'queued.heartbeat': Math.max(...gaps) / 1000 } : {}),
  };
}

/** What a daemon with its usual intervals uses while nothing changes. */
async function idleFor(node: BenchNode, { pid = 0 }: ChildProcess, seconds: number) {
  const loads = () => node.birdCommands.filter(isLoad).length;
  const before = {
    cpu: await processorSeconds(pid),
    programs: (await node.programs()).length,
    loads: loads(),
  };
  await sleep(seconds * 1000);
  if (loads() !== before.loads) throw new Error('BIRD loaded a configuration while nothing changed');
  return {
    'idle.cpu': ((await processorSeconds(pid)) - before.cpu) * (60 / seconds),
    'idle.programs': (await node.programs()).length - before.programs,
  };
}

/** What a pass without differences costs. */
async function passesOf(node: BenchNode, { pid = 0 }: ChildProcess, count: number) {
  const [cpu, programs] = [await processorSeconds(pid), (await node.programs()).length];
  let changes = 0;
  for (let pass = 0; pass < count; pass += 1) {
    const result = await resync(node.namespace);
    if (result.errors.length > 0) throw new Error(`an idle pass failed: ${result.errors.join('; ')}`);
    changes += result.changes.length;
  }
  return {
    'pass.cpu': (((await processorSeconds(pid)) - cpu) * 1000) / count,
    'pass.programs': ((await node.programs()).length - programs) / count,
    'pass.changes': changes,
  };
}

/** From the moment when the control plane is asked for a list with a new session in it until it knows that the session is set up. */
async function newcomerOf(node: BenchNode, index: number, say: (words: string) => void) {
  const rows = sessionRows(index, 1, 'queued for setup');
  node.addSessions(rows);
  await resync(node.namespace);
  const told = () => postsOf(node.controlPlane, 'modify').find(({ body }) => body.uuid === rows[0]?.uuid);
  await waitFor('the new session is told', async () => told() !== undefined);
  const toldMs = told()?.atMs ?? 0;
  const { requests } = node.controlPlane;
  const servedMs =
    requests.findLast(({ path, atMs }) => path.endsWith('/sessions') && atMs <= toldMs)?.atMs ?? 0;
  const within = <T extends { readonly atMs: number }>(all: readonly T[]) =>
    all.filter(({ atMs }) => servedMs <= atMs && atMs <= toldMs);
  const programs = within(await node.programs());
  say(`  programs for a new one: ${countedByName(programs)}`);
  const checks =
    within(node.birdCommands).filter(isCheck).length +
    programs.filter(({ text }) => text === 'bird -p').length;
  return {
    'new.wall': (toldMs - servedMs) / 1000,
    'new.programs': programs.length,
    'new.checks': checks,
  };
}

/** A helper that lasts could start programs that nobody counts. */
async function assertNothingHidden({ pid = 0 }: ChildProcess): Promise<void> {
  const children = await childrenOf(pid);
  if (children.length > 0) throw new Error(`the idle agent has ${children.length} children`);
}
