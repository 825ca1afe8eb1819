import { Registry } from 'prom-client';
import { subjectKey } from '../../core/model/events/event.js';
import { failureKinds } from '../../shell/ports/control-plane-error.js';
import { callNames } from '../../shell/ports/work.js';
import type { NodeStatus } from '../../shell/status/status.js';
import { birdFamilies } from './bird-families.js';
import { type Family, register } from './family.js';
import { meshFamilies } from './mesh-families.js';
import { nodeFamilies } from './node-families.js';
import { watchProcess } from './process.js';
import { sessionFamilies } from './session-families.js';
import { countWork, type Work } from './work.js';

/** All metrics of one process: what the agent did is counted in `work`, all else follows from the status. */
export interface Metrics {
  readonly work: Work;
  /** The exposition, in Prometheus' text format 0.0.4. */
  text(status: NodeStatus): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const work = countWork(registry, callNames, failureKinds);
  const flapsOf = (subject: string) => work.flapsOf(subject);
  const families: readonly Family<NodeStatus>[] = [
    ...nodeFamilies,
    ...birdFamilies,
    ...sessionFamilies(flapsOf),
    ...meshFamilies(flapsOf),
  ];
  let current: NodeStatus | undefined;
  for (const family of families) register(registry, family, () => current);
  watchProcess(registry);
  return {
    work,
    text: (status) => {
      current = status;
      // While the agent starts anew it knows of no session, and none is gone.
      if (status.lastPass) work.keepFlaps(subjectsOf(status));
      // All values are read before this returns, also for two scrapes at once.
      return registry.metrics();
    },
  };
}

function subjectsOf({ sessions, mesh }: NodeStatus): ReadonlySet<string> {
  return new Set([
    ...sessions.map(({ uuid }) => subjectKey({ session: { uuid } })),
    ...mesh.map(({ nodeId }) => subjectKey({ mesh: { nodeId } })),
  ]);
}
