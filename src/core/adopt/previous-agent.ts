import type { Holdings } from '../desired/holdings.js';
import type { NodeInput } from '../desired/input.js';
import type { FormerTunnels } from '../model/former.js';
import type { Kept } from '../model/kept.js';
import type { SessionEntry } from '../model/session.js';
import { type FormerBird, formerNames, readFormerBird } from './former-bird.js';
import { findFormer } from './tunnels.js';

/** What a previous agent left on the machine. */
export interface PreviousAgent {
  readonly tunnels: FormerTunnels;
  /** Undefined where BIRD runs with the agent's own configuration. */
  readonly bird: FormerBird | undefined;
}

/**
 * Undefined on a node without a past: its interfaces have the agent's mark, BIRD runs with the agent's configuration, and
 * nothing is kept as it was.
 */
export function findPreviousAgent(input: NodeInput): PreviousAgent | undefined {
  const { observed, snapshot, key, creating, memory, orders } = input;
  const options = { publicKey: key.publicKey, creating, adopt: orders.adopt ?? false };
  const tunnels = findFormer(observed, snapshot, options);
  const { taken, orphans, doubtful } = tunnels;
  const hasTunnels = taken.size > 0 || orphans.length > 0 || doubtful.length > 0;
  return hasTunnels || observed.operatorConfig || isAnythingKept(memory.kept)
    ? { tunnels, bird: readFormerBird(observed.operatorConfig) }
    : undefined;
}

function isAnythingKept({ sessions, node, isLost }: Kept): boolean {
  return Object.keys(sessions).length > 0 || node !== undefined || isLost === true;
}

/** A protocol that was there keeps its name: to rename it resets it. */
export function withPreviousNames(
  holdings: Holdings,
  entries: readonly SessionEntry[],
  { bird }: PreviousAgent,
): Holdings {
  return { ...holdings, protocols: new Map([...formerNames(entries, bird), ...holdings.protocols]) };
}
