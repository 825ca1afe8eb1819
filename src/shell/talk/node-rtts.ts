import type { NodeState } from '../pass/node-state.js';
import type { NodeRtt } from '../ports/control-plane.js';
import type { AgentParts } from './agent-context.js';

const intervalMs = 300_000;

/** True every five minutes where there are other nodes; `nowMs` is monotonic. A tenth is slack for the loop's jitter. */
export function isNodeRttDue({ nodeRttsAtMs = Number.NEGATIVE_INFINITY }: NodeState, nowMs: number): boolean {
  return nowMs - nodeRttsAtMs >= intervalMs * 0.9;
}

/** The loopback addresses to ping of the operator's other nodes. */
export function loopbackTargets(state: NodeState): string[] {
  return loopbacksOf(state).flat();
}

/** The round-trip time to each other node that answered: one row per node, by IPv4 where that answered. */
export function nodeRtts(state: NodeState): NodeRtt[] {
  return loopbacksOf(state).flatMap((loopbacks) => {
    const rows = loopbacks.flatMap((target) => {
      const { rttMs, loss } = state.pings.get(target) ?? { rttMs: undefined, loss: 1 };
      return rttMs === undefined ? [] : [{ target, rttMs, loss }];
    });
    return rows.slice(0, 1);
  });
}

/** Posts them; after a failure they are due again with the next report. `nowMs` is when they were measured. Resolves to the errors. */
export async function postNodeRtts(
  { context, state, call }: AgentParts,
  rtts: readonly NodeRtt[],
  nowMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (rtts.length === 0) call.forget('POST rtt');
  const post = () => context.controlPlane.postNodeRtts(rtts, signal);
  const errors = rtts.length === 0 ? [] : await call('POST rtt', signal, post);
  // At the start the mesh may not be up yet; the next report tries again.
  const isFirst = rtts.length === 0 && state.nodeRttsAtMs === undefined;
  if (errors.length === 0 && !isFirst) state.nodeRttsAtMs = nowMs;
  return errors;
}

/** By node, without this node itself, should the list contain it. */
function loopbacksOf({ lastPass, snapshot }: NodeState): string[][] {
  const others = new Set(lastPass?.desired.mesh.map(({ nodeId }) => nodeId));
  return (snapshot.mesh?.peers ?? [])
    .filter(({ nodeId }) => others.has(nodeId))
    .map(({ loopbackIpv4, loopbackIpv6 }) => [loopbackIpv4, loopbackIpv6].flatMap((each) => each ?? []));
}
