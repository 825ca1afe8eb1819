import type { AgentConfig } from '../config/agent-config.js';
import { describePlan } from '../shell/operations/describe-plan.js';
import type { PlanDocument } from '../shell/operations/plan-document.js';
import type { ControlPlane } from '../shell/ports/control-plane.js';
import { bootstrap, type Start } from '../shell/talk/bootstrap.js';
import type { Node } from './open-node.js';
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
    const plan = describePlan(await agent.foresee(), options);
    const silence = `${start.problem}; this plan uses the control plane's last good answers`;
    return { ...plan, problems: [...(isSilent ? [silence] : []), ...errors, ...plan.problems] };
  });
}

const allParts = ['birdConfig', 'mesh', 'sessions'] as const;

async function startOf(node: Node, { offline, sessions }: PlanOptions, signal: AbortSignal): Promise<Start> {
  const start = offline ? await recallStart(node.controlPlane) : await bootstrap(node.controlPlane, signal);
  if (sessions === undefined) return start;
  return { ...start, snapshot: { ...start.snapshot, sessions: await node.readSessions(sessions) } };
}

async function recallStart(controlPlane: ControlPlane): Promise<Start> {
  const { config, ...rest } = await controlPlane.recall();
  if (!config)
    throw new Error('there is no stored answer of the control plane; run it once without --offline');
  return { snapshot: { ...rest, config }, answered: false };
}
