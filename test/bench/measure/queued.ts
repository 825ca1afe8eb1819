import { postsOf } from '../../../src/lab/control-plane/control-plane-state.js';
import { waitFor } from '../../faults/harness/wait-for.js';
import type { BenchNode } from '../node.js';

/** As the daemon's configuration has it by itself. */
const heartbeatSeconds = 30;

/** From the start of the daemon until the control plane knows of the last session, and the longest time between two heartbeats. */
export async function untilAllTold({ controlPlane }: BenchNode, sessions: number, startedMs: number) {
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
