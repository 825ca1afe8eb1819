import type { AnyLab } from '../any-lab.js';
import { missingTags } from '../checks/tag-checks.js';
import type { Lab } from '../running-lab.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

/** The control plane has another policy: limits, path length, RPKI cache, bandwidths and what belongs to them. `shown`: what shows it. */
export function changePolicy(lab: AnyLab, shown: readonly Condition[]): Step {
  return {
    name: 'change the whole policy',
    done: 'a second bird-config: other limits, path length, RPKI cache and bandwidths',
    touches: [],
    act: async () => {
      lab.controlPlane.policyRevision = 'second';
      return shown;
    },
  };
}

/** The peers hear of the second policy's bandwidths. */
export function newBandwidths(lab: Lab): Condition[] {
  return lab.scenario.peers.map((peer) => ({
    what: `our routes with the new bandwidth at AS${peer.asn}`,
    holds: async () => (await missingTags(lab, peer)) === undefined,
  }));
}
