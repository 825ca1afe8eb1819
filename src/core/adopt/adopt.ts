import type { Wanted } from '../desired/desire-node.js';
import type { NodeInput } from '../desired/input.js';
import type { Constraints } from '../model/previous-agent.js';
import { endedSessions } from './candidates.js';
import type { PreviousAgent } from './previous-agent.js';
import { recall } from './recall.js';
import { takeOver } from './take-over.js';

/** The constraints of what was on the node before the agent: what it forbids, and what it adds. */
export function adopt(
  wanted: Wanted,
  previous: PreviousAgent,
  { observed, memory, orders }: NodeInput,
): Constraints {
  const constraints = takeOver({
    wanted: {
      ...wanted,
      mode: wanted.settings.birdMode,
      ibgpPeers: wanted.birdConfig?.ibgpPeers ?? [],
      ended: endedSessions(wanted.entries, previous.bird),
    },
    present: { ...observed, previous: previous.bird, ownFiles: wanted.owned.files },
    remembered: { ...memory, recalled: recall(memory.preserved, observed.birdFiles) },
    adopt: orders.adopt ?? false,
  });
  return { ...constraints, ...previous.tunnels };
}
