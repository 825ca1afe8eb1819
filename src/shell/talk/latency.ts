import { type LinkLatency, updateLatency } from '../../core/desired/latency.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import { uuidOf } from '../../core/model/session.js';
import { latencyTiers } from '../../core/render/communities.js';
import { viewSession } from '../../core/verdict/session-view.js';
import type { MemoryStore } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';

type Latencies = Readonly<Record<string, LinkLatency>>;

/**
 * Adds the round-trip times of the last pings, made at `nowSeconds`, to the stored latency of each session's link. A link
 * without an answer keeps its value; a session that is not listed any more loses it. Stored when a tier changes: the small
 * changes of each minute do not justify the wear of a flash disk. Resolves to whether a tier changed: one pass, with one
 * reload, follows for all of them.
 */
export async function rememberLatencies(
  state: NodeState,
  memory: MemoryStore,
  nowSeconds: number,
): Promise<boolean> {
  const before = memory.current.latencies;
  const after = { ...listed(before, state.snapshot), ...measured(state, before, nowSeconds) };
  const changed = tiersOf(before) !== tiersOf(after);
  if (changed) await memory.update({ latencies: after });
  else memory.note({ latencies: after });
  return changed;
}

function listed(latencies: Latencies, { sessions }: Snapshot): Latencies {
  if (!sessions) return latencies;
  const uuids = new Set<string | undefined>(sessions.map(uuidOf));
  return Object.fromEntries(Object.entries(latencies).filter(([uuid]) => uuids.has(uuid)));
}

function measured(
  { lastPass, pings, snapshot }: NodeState,
  before: Latencies,
  nowSeconds: number,
): Latencies {
  if (!lastPass) return {};
  const tiers = tierCount(snapshot);
  const links = lastPass.desired.sessions.flatMap((desired): [string, LinkLatency][] => {
    const rttMs = pings.get(viewSession(desired, lastPass.observed).pingTarget ?? '')?.rttMs;
    const { uuid } = desired.session;
    return rttMs === undefined ? [] : [[uuid, updateLatency(before[uuid], rttMs, nowSeconds, tiers)]];
  });
  return Object.fromEntries(links);
}

/** The number of latency tiers in the network's policy, gaps included; undefined where it has none. */
function tierCount({ birdConfig }: Snapshot): number | undefined {
  const tiers = [...latencyTiers(birdConfig?.policy.communities ?? {}).keys()];
  return tiers.length === 0 ? undefined : Math.max(...tiers) + 1;
}

function tiersOf(latencies: Latencies): string {
  return JSON.stringify(
    Object.entries(latencies)
      .map(([uuid, { tier }]) => [uuid, tier])
      .sort(),
  );
}
