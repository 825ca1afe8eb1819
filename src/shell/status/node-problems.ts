import { describeWithheld } from '../../core/desired/withdrawal.js';
import { describeUnresolved } from '../../core/model/observed.js';
import { whyTrialWaits } from '../../core/plan/operator-trial.js';
import { judgeNode } from '../../core/verdict/node/node-health.js';
import type { PassResult } from '../pass/context.js';
import type { Remembered } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import { ownFailures } from './own-failures.js';
import { systemProblems } from './system-status.js';

export interface ProblemFacts {
  /** Why passes do not end. */
  readonly passProblem: string | undefined;
  /** Why the state directory cannot be written. */
  readonly stateProblem: string | undefined;
}

/** What is wrong with the node itself, apart from its sessions, a sentence each: for `status` and for the heartbeat. */
export function nodeProblems(
  { lastPass, passError, callErrors }: Pick<NodeState, 'lastPass' | 'passError' | 'callErrors'>,
  memory: Pick<Remembered, 'withdrawal'>,
  { passProblem, stateProblem }: ProblemFacts,
): string[] {
  const bird = lastPass?.observed.bird;
  const controlPlane = describeCallErrors(callErrors);
  const problems = [
    passProblem,
    passError ?? (lastPass ? undefined : 'the first pass is not finished yet'),
    ...(lastPass?.desired.problems ?? []),
    lastPass?.desired.hold,
    describeWithheld(lastPass?.desired.withheld ?? [], memory.withdrawal),
    bird && !bird.running ? bird.reason : undefined,
    ...(lastPass ? ownFailures(lastPass) : []),
    ...(lastPass ? systemProblems(judgeNode(lastPass.desired, lastPass.observed)) : []),
    lastPass && trialProblem(lastPass),
    controlPlane && `control plane: ${controlPlane}; the node keeps what it has`,
    stateProblem,
    describeUnresolved(lastPass?.observed.unresolved ?? []),
    ...(lastPass?.desired.cacheProblems ?? []),
  ];
  return problems.filter((words) => words !== undefined);
}

/** What waits for an operator's trial; that of the node's own files is said already. */
function trialProblem(lastPass: PassResult): string | undefined {
  const why = whyTrialWaits(lastPass.observed);
  const waits = why !== undefined && [...lastPass.putOff].some(([, reason]) => reason === why);
  return waits && !ownFailures(lastPass).includes(why) ? why : undefined;
}

/**
 * What is wrong with the calls to the control plane, for people: each reason once, with the calls that it struck, those
 * for the sessions first. `errors` is call → reason. Undefined where all went well.
 */
export function describeCallErrors(errors: ReadonlyMap<string, string>): string | undefined {
  const struck = new Map<string, string[]>();
  for (const [call, reason] of [...errors].sort(byWeight)) {
    struck.set(reason, [...(struck.get(reason) ?? []), call]);
  }
  const parts = [...struck].map(([reason, calls]) => `${calls.join(', ')}: ${reason}`);
  return parts.length === 0 ? undefined : parts.join('; ');
}

// What the network hangs on comes first; the rest by name, so that the words stay the same while nothing changes.
const weightiest = ['GET sessions', 'POST modify'];

function byWeight([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(call: string): number {
  const place = weightiest.indexOf(call);
  return place === -1 ? weightiest.length : place;
}
