import { describeDoubted } from '../../core/desired/withdrawal.js';
import { listSome } from '../../core/model/list-some.js';
import { describeUnresolved } from '../../core/model/observed.js';
import { silentTrouble } from '../../core/verdict/trouble.js';
import type { PassResult } from '../pass/context.js';
import type { Remembered } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import { isMeshDownLately } from './rows.js';

export interface ProblemFacts {
  /** Why passes do not end. */
  readonly passProblem: string | undefined;
  /** Why the state directory cannot be written. */
  readonly stateProblem: string | undefined;
  readonly nowSeconds: number;
}

/** What is wrong with the node itself apart from its sessions, one sentence each: for `status` and the heartbeat. */
export function nodeProblems(
  state: Pick<NodeState, 'lastPass' | 'passError' | 'callErrors' | 'ups' | 'snapshot'>,
  memory: Pick<Remembered, 'withdrawal'>,
  { passProblem, stateProblem, nowSeconds }: ProblemFacts,
): string[] {
  const { lastPass, passError, callErrors } = state;
  const controlPlane = describeCallErrors(callErrors);
  const problems = [
    passProblem,
    passError ?? (lastPass ? undefined : 'the first pass is not finished yet'),
    ...(lastPass?.desired.problems ?? []),
    lastPass?.desired.birdBlocked,
    describeDoubted(
      lastPass?.desired.doubted ?? [],
      memory.withdrawal,
      state.snapshot.stored?.has('sessions'),
    ),
    ...(lastPass?.node.problems ?? []),
    ...silentPeers(state, nowSeconds),
    controlPlane && `control plane: ${controlPlane}; tunnels and sessions stay as they are`,
    stateProblem,
    lastPass && unresolvedEndpoints(lastPass),
    ...(lastPass?.desired.cacheProblems ?? []),
  ];
  return problems.filter((words) => words !== undefined);
}

/** The names of endpoints that do not resolve, and whose they are. */
function unresolvedEndpoints({ observed: { unresolved }, desired }: PassResult): string | undefined {
  const words = describeUnresolved(unresolved);
  const users = desired.sessions.flatMap(({ session: { asn, endpoint } }) =>
    unresolved.some((name) => name === endpoint?.host) ? [`AS${asn}`] : [],
  );
  if (words === undefined || users.length === 0) return words;
  return `${words}. To mend it, correct the endpoint of ${listSome([...new Set(users)], 5)}, or the DNS record`;
}

/** The nodes of ours whose routes are not here, without those that are merely offline. */
function silentPeers({ lastPass, ups }: Pick<NodeState, 'lastPass' | 'ups'>, nowSeconds: number): string[] {
  return (lastPass?.node.mesh ?? []).flatMap(({ nodeId, silent }) => {
    const trouble = silent && silentTrouble(silent, isMeshDownLately(ups, nodeId, nowSeconds));
    return trouble && trouble.kind !== 'peer-side' ? [trouble.words] : [];
  });
}

/**
 * What is wrong with the calls to the control plane, in words: each reason once with its calls, those for the sessions
 * first. `errors` is call → reason. Undefined where all succeeded.
 */
export function describeCallErrors(errors: ReadonlyMap<string, string>): string | undefined {
  const struck = new Map<string, string[]>();
  for (const [call, reason] of [...errors].sort(byWeight)) {
    struck.set(reason, [...(struck.get(reason) ?? []), call]);
  }
  const parts = [...struck].map(([reason, calls]) => `${calls.join(', ')}: ${reason}`);
  return parts.length === 0 ? undefined : parts.join('; ');
}

// The most important calls come first; the rest by name, so that the words stay the same while nothing changes.
const weightiest = ['GET sessions', 'POST modify'];

function byWeight([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(call: string): number {
  const place = weightiest.indexOf(call);
  return place === -1 ? weightiest.length : place;
}
