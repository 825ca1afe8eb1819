import { findOwned, runningSessions } from '../../core/desired/owned.js';
import { countPoll, doubtfulWithdrawals } from '../../core/desired/withdrawal.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import { listedUuids } from '../../core/model/session.js';
import type { MemoryStore } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import type { AgentParts } from './agent-context.js';

/** The parts of the wanted state that the agent polls. */
export type Part = 'sessions' | 'mesh' | 'birdConfig';

const calls: Readonly<Record<Part, string>> = {
  sessions: 'GET sessions',
  mesh: 'GET mesh',
  birdConfig: 'GET bird-config',
};

/**
 * Fetches parts; a part that the control plane does not give keeps its last value, and the snapshot is another one only where something
 * may have changed. Resolves to the errors.
 */
export async function fetchParts(
  parts: readonly Part[],
  { context, state, call }: AgentParts,
  signal: AbortSignal,
): Promise<string[]> {
  const { controlPlane } = context;
  const fetches: Record<Part, () => Promise<Partial<NodeState['snapshot']>>> = {
    sessions: async () => ({ sessions: await controlPlane.fetchSessions(signal) }),
    mesh: async () => ({ mesh: await controlPlane.fetchMesh(signal) }),
    birdConfig: async () => ({ birdConfig: await controlPlane.fetchBirdConfig(signal) }),
  };
  const errors = parts.map((part) =>
    call(calls[part], signal, async () => {
      const askedMs = context.host.clock.monotonic();
      const fetched = await fetches[part]();
      if (!isNews(part, fetched, state.snapshot)) return;
      const stored = new Set(state.snapshot.stored);
      if (part !== 'birdConfig') stored.delete(part);
      state.snapshot = { ...state.snapshot, ...fetched, stored };
      if (part !== 'sessions') return;
      state.sessionsAskedMs = askedMs;
      await noteWithdrawal(context.memory, state);
    }),
  );
  return (await Promise.all(errors)).flat();
}

/** A list of sessions always is: a pass follows it in any case. */
function isNews(part: Part, fetched: Partial<Snapshot>, before: Snapshot): boolean {
  if (part === 'sessions' || (part === 'mesh' && before.stored?.has(part))) return true;
  return JSON.stringify(fetched[part]) !== JSON.stringify(before[part]);
}

/** Counts the lists that leave out running sessions; see `doubtfulWithdrawals`. */
async function noteWithdrawal(memory: MemoryStore, { snapshot, lastPass }: NodeState): Promise<void> {
  if (!lastPass || !snapshot.sessions) return;
  const running = runningSessions(findOwned(lastPass.observed, []));
  const doubtful = doubtfulWithdrawals(listedUuids(snapshot.sessions), running);
  await memory.update({ withdrawal: countPoll(memory.current.withdrawal, doubtful) });
}
