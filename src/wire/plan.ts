import type { AgentConfig } from '../config/agent-config.js';
import { describeOff } from '../core/desired/disabled/say-disabled.js';
import type { DesiredSession, Refusal } from '../core/desired/sessions.js';
import { ownerNames } from '../core/explain/owner-names.js';
import type { Change } from '../core/model/change.js';
import type { Observed } from '../core/model/observed.js';
import { nameOfSession } from '../core/model/session.js';
import { fileDiff } from '../core/plan/file-diff.js';
import { describeChange } from '../core/plan/plan.js';
import { lastingFaults } from '../core/verdict/node/node-verdict.js';
import type { ControlPlane } from '../shell/ports/control-plane.js';
import { bootstrap, type Start } from '../shell/talk/bootstrap.js';
import type { Node } from './open-node.js';
import type { PlanDocument, PlannedChange } from './plan-document.js';
import { type PassOptions, withNode } from './with-node.js';

interface PlanOptions extends PassOptions {
  /** From the last good answers on disk. */
  readonly offline: boolean;
  /** With the texts of BIRD's files, before and after. */
  readonly diff: boolean;
  /** The path of a list of sessions that counts instead of the control plane's. */
  readonly sessions: string | undefined;
}

/** Fetches the wanted state, looks at the system, and lists what would change. */
export function makePlan(config: AgentConfig, options: PlanOptions): Promise<PlanDocument> {
  return withNode(config, options, async (node, signal) => {
    const start = await startOf(node, options, signal);
    const agent = await node.openAgent(start);
    const parts = options.sessions === undefined ? allParts : allParts.filter((part) => part !== 'sessions');
    // Who does not answer the first question is not asked three more.
    const isSilent = start.problem !== undefined;
    const errors = options.offline || isSilent ? [] : [...new Set(await agent.refresh(parts, signal))];
    const { plan, reports, desired, observed, node: verdict } = await agent.foresee();
    const faults = lastingFaults(verdict, plan);
    const nameOf = ownerNames(desired.sessions);
    return {
      changes: plan.changes.map((change) => ({
        subject: nameOf(change.owner),
        summary: describeChange(change),
        why: change.why,
        ...(options.diff && diffOf(change, observed)),
      })),
      reports: reports.map(({ uuid, status, error }) => ({
        subject: nameOf({ kind: 'session', uuid }),
        summary: error === undefined ? status : `${status}: ${error}`,
      })),
      problems: [
        ...(isSilent ? [`${start.problem}; this plan uses the control plane's last good answers`] : []),
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

const allParts = ['birdConfig', 'mesh', 'sessions'] as const;

async function startOf(node: Node, { offline, sessions }: PlanOptions, signal: AbortSignal): Promise<Start> {
  const start = offline ? await recallStart(node.controlPlane) : await bootstrap(node.controlPlane, signal);
  if (sessions === undefined) return start;
  return { ...start, snapshot: { ...start.snapshot, sessions: await node.readSessions(sessions) } };
}

function diffOf(change: Change, { birdFiles }: Observed): Pick<PlannedChange, 'diff'> {
  const diff = fileDiff(change, birdFiles);
  return diff === undefined ? {} : { diff };
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
