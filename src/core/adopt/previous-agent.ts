import type { NodeInput } from '../desired/input.js';
import type { Owned } from '../desired/owned.js';
import type { Preserved } from '../model/preserved.js';
import type { PreviousTunnels } from '../model/previous-agent.js';
import type { SessionEntry } from '../model/session.js';
import { type PreviousBird, previousNames, readPreviousBird } from './previous-bird.js';
import { findPreviousTunnels } from './tunnels.js';

/** What a previous agent left on the machine. */
export interface PreviousAgent {
  readonly tunnels: PreviousTunnels;
  /** Undefined where BIRD runs with the agent's own configuration. */
  readonly bird: PreviousBird | undefined;
}

/**
 * Undefined on a node without a previous agent: its interfaces have the agent's mark, BIRD runs with the agent's
 * configuration, and nothing is preserved.
 */
export function findPreviousAgent(input: NodeInput): PreviousAgent | undefined {
  const { observed, snapshot, key, creating, memory, orders } = input;
  const options = { publicKey: key.publicKey, creating, adopt: orders.adopt ?? false };
  const tunnels = findPreviousTunnels(observed, snapshot, options);
  const { adopted, orphans, doubtful } = tunnels;
  const hasTunnels = adopted.size > 0 || orphans.length > 0 || doubtful.length > 0;
  return hasTunnels || observed.operatorConfig || isAnythingPreserved(memory.preserved)
    ? { tunnels, bird: readPreviousBird(observed.operatorConfig) }
    : undefined;
}

function isAnythingPreserved({ sessions, node, isLost }: Preserved): boolean {
  return Object.keys(sessions).length > 0 || node !== undefined || isLost === true;
}

/** A protocol that was there keeps its name, because renaming resets it. */
export function withPreviousNames(
  owned: Owned,
  entries: readonly SessionEntry[],
  { bird }: PreviousAgent,
): Owned {
  return { ...owned, protocols: new Map([...previousNames(entries, bird), ...owned.protocols]) };
}
