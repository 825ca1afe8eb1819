import type { ChildProcess } from 'node:child_process';
import { resync } from '../../e2e/ask-daemon.js';
import { waitFor } from '../../faults/harness/wait-for.js';
import { sessionRows } from '../control-plane.js';
import type { Figure } from '../figures.js';
import { openNode } from '../node.js';
import { childrenOf, memoryOf } from '../process-times.js';
import { figuresOf } from './figures-of.js';
import { idleFor, passesOf } from './idle.js';
import { newcomerOf } from './newcomer.js';
import { untilAllTold } from './queued.js';

export interface DaemonPlan {
  readonly sessions: number;
  /** The sessions wait for their set-up: how long it takes until the control plane knows of the last one. Else they are active. */
  readonly isQueued: boolean;
  readonly idleSeconds: number;
  readonly passes: number;
  readonly newcomers: number;
}

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

/** A helper that lasts could start programs that nobody counts. */
async function assertNothingHidden({ pid = 0 }: ChildProcess): Promise<void> {
  const children = await childrenOf(pid);
  if (children.length > 0) throw new Error(`the idle agent has ${children.length} children`);
}
