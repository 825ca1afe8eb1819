import { startedIn } from '../any-lab.js';
import { agentStatus } from '../hosts/agent-status.js';
import { findsBird, type NodeHost, nodePaths } from '../hosts/node-host.js';
import type { Lab } from '../running-lab.js';
import { type Check, checksOf } from './check.js';

/** Where the control plane alone names BIRD's socket, and wrongly, the agent finds the real one and says so. */
export function socketChecks(lab: Lab, node: NodeHost): Check[] {
  if (!findsBird(node.spec) || startedIn(lab) !== 'moenet-core') return [];
  const { name } = node.spec;
  const check = checksOf(name, name);
  return [
    check("BIRD's socket found, although the control plane names another", async () => {
      const { notes } = await agentStatus(node);
      const wanted = `a BIRD answers at ${nodePaths.birdSocket}`;
      return notes.some((note) => note.includes(wanted))
        ? undefined
        : `status: ${notes.join('; ') || 'no note'}`;
    }),
  ];
}
