import type { AgentConfig } from '../config/agent-config.js';
import { describeOff } from '../core/desired/disabled/say-disabled.js';
import type { DesiredSession, Refusal } from '../core/desired/sessions.js';
import { describeOwner } from '../core/model/owner.js';
import { nameOfSession } from '../core/model/session.js';
import { describeChange } from '../core/plan/plan.js';
import { lastingFaults } from '../core/verdict/node/node-verdict.js';
import type { ControlPlane } from '../shell/ports/control-plane.js';
import { bootstrap, type Start } from '../shell/talk/bootstrap.js';
import { type PassOptions, withNode } from './with-node.js';

/** What a pass would do, as `plan` prints it. Holds no secret. */
export interface PlanDocument {
  /** In order. `subject` is the owner: `session a1`, `mesh peer 2`, `node`. */
  readonly changes: readonly { readonly summary: string; readonly why: string; readonly subject: string }[];
  /** Status updates that would be posted. */
  readonly reports: readonly { readonly subject: string; readonly summary: string }[];
  /** Faults that no change can fix, such as a refused session. */
  readonly problems: readonly string[];
  /** Objects from before the agent that it leaves alone, or keeps as they were. */
  readonly notes?: readonly string[];
}

/** Fetches the wanted state (offline: from disk), looks at the system, and lists what would change. */
export function makePlan(
  config: AgentConfig,
  options: PassOptions & { readonly offline: boolean },
): Promise<PlanDocument> {
  return withNode(config, options, async (node, signal) => {
    const start = options.offline
      ? await recallStart(node.controlPlane)
      : await bootstrap(node.controlPlane, signal);
    const agent = await node.openAgent(start);
    const errors = options.offline ? [] : await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
    const { plan, reports, desired, node: verdict } = await agent.foresee();
    const faults = lastingFaults(verdict, plan);
    return {
      changes: plan.changes.map((change) => ({
        subject: describeOwner(change.owner),
        summary: describeChange(change),
        why: change.why,
      })),
      reports: reports.map(({ uuid, status, error }) => ({
        subject: `session ${uuid}`,
        summary: error === undefined ? status : `${status}: ${error}`,
      })),
      problems: [
        ...errors,
        ...desired.problems,
        ...(desired.birdBlocked === undefined ? [] : [desired.birdBlocked]),
        ...faults.filter(({ isElsewhere }) => !isElsewhere).map(({ words }) => words),
        ...desired.refusals.map(describeRefusal),
      ],
      notes: [
        ...desired.notes,
        ...desired.sessions.flatMap(describeDisabled),
        ...faults.filter(({ isElsewhere }) => isElsewhere).map(({ words }) => words),
      ],
    };
  });
}

async function recallStart(controlPlane: ControlPlane): Promise<Start> {
  const { config, ...rest } = await controlPlane.recall();
  if (!config)
    throw new Error('there is no stored answer of the control plane; run it once without --offline');
  return { snapshot: { ...rest, config }, answered: false };
}

function describeDisabled(item: DesiredSession): string[] {
  const off = describeOff(item);
  return off === undefined ? [] : [`${nameOfSession(item.session)}: ${off}`];
}

function describeRefusal({ uuid, reason }: Refusal): string {
  return `session ${uuid ?? 'without a uuid'} is refused: ${reason}`;
}
