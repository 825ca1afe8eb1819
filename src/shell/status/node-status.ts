import { describeNoGracefulRestart } from '../../core/verdict/degraded.js';
import type { PassAges } from '../../core/verdict/progress.js';
import { viewSession } from '../../core/verdict/session-view.js';
import { countTroubles } from '../../core/verdict/trouble.js';
import { unreadOthers } from '../../core/verdict/unread-tunnels.js';
import type { PassResult } from '../pass/context.js';
import type { Remembered } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import { describeCallErrors, nodeProblems } from './node-problems.js';
import { describeRowProblems, meshProblems, type RowProblem, sessionProblems } from './row-problems.js';
import { meshRows, sessionRows } from './rows.js';
import type { NodeStatus, SessionRow } from './status.js';
import { systemNotes, systemStatus } from './system-status.js';

export interface StatusFacts {
  readonly version: string;
  readonly pid: number;
  readonly node: string;
  readonly uptimeSeconds: number;
  readonly apiUrl: string;
  readonly nowSeconds: number;
  /** Why the state directory cannot be written; undefined where it can. */
  readonly stateProblem?: string | undefined;
  /** The status updates that the control plane did not accept, a line each. */
  readonly refusedUpdates?: readonly string[];
  /** How many status updates it has not accepted yet. */
  readonly updatesWaiting?: number;
  /** How current the last pass is, and what is wrong with later ones. */
  readonly pass?: PassAges & { readonly problem: string | undefined };
  /** The round-trip times of a session in the last minutes in milliseconds, oldest first; null where nothing answered. */
  readonly rttsOf?: ((uuid: string) => readonly (number | null)[]) | undefined;
  /** How much there is of the history; undefined where an operator wants none. */
  readonly history?: NodeStatus['history'];
  /** Notes on the configuration, a line each. */
  readonly configNotes?: readonly string[];
}

/** The node's state, from what the last pass saw. */
export function nodeStatus(state: NodeState, memory: Remembered, facts: StatusFacts): NodeStatus {
  const sessions = withRtts(sessionRows(state, memory, facts.nowSeconds), facts);
  const mesh = meshRows(state, memory, facts.nowSeconds);
  const controlPlane = controlPlaneOf(state, facts);
  const rows = [...meshProblems(mesh), ...sessionProblems(sessions)];
  const isPeerSide = ({ trouble }: RowProblem) => trouble.kind === 'peer-side';
  const { lastPass } = state;
  const system = lastPass && systemStatus(lastPass);
  const bird = lastPass?.observed.bird;
  const { stateProblem, nowSeconds } = facts;
  const ofNode = nodeProblems(state, memory, { stateProblem, nowSeconds, passProblem: facts.pass?.problem });
  // Problems of the whole node come before the rows, of which there may be thousands.
  const problems = [
    ...ofNode,
    ...describeRowProblems(
      rows.filter((row) => !isPeerSide(row)),
      ofNode,
    ),
    ...(facts.refusedUpdates ?? []),
  ];
  return {
    agent: { version: facts.version, pid: facts.pid, node: facts.node, uptimeSeconds: facts.uptimeSeconds },
    health: problems.length === 0 && state.lastPass ? 'ok' : 'degraded',
    problems,
    peerSide: describeRowProblems(rows.filter(isPeerSide), ofNode),
    troubles: countTroubles([...mesh, ...sessions].map(({ trouble }) => trouble)),
    controlPlane,
    bird: {
      running: bird?.running ?? false,
      version: bird?.running ? bird.version : undefined,
      reason: bird && !bird.running ? bird.reason : undefined,
    },
    system,
    refusedRoutes: state.refusedRoutes,
    maintenance: maintenanceOf(memory),
    history: facts.history,
    pass: agesOf(facts),
    lastPass: state.lastPass && {
      atSeconds: state.lastPass.atSeconds,
      durationMs: state.lastPass.durationMs,
      changes: state.lastPass.outcomes.filter(({ isDone }) => isDone).length,
      failures: state.lastPass.failures.size,
      planned: state.lastPass.outcomes.length,
      putOff: state.lastPass.remaining.putOff.length,
    },
    withheld: state.lastPass?.desired.doubted ?? [],
    notes: [
      ...(facts.configNotes ?? []),
      ...(lastPass ? [...lastPass.desired.notes, ...unreadOthers(lastPass), ...restartNotes(lastPass)] : []),
      ...(system ? systemNotes(system) : []),
    ],
    sessions,
    mesh,
  };
}

function withRtts(rows: readonly SessionRow[], { rttsOf }: StatusFacts): SessionRow[] {
  return rows.map((row) => {
    const rttHistory = rttsOf?.(row.uuid) ?? [];
    return rttHistory.length === 0 ? row : { ...row, rttHistory };
  });
}

function restartNotes({ desired, observed }: PassResult): string[] {
  const seen = desired.sessions.map((item) => [item, viewSession(item, observed)] as const);
  return [describeNoGracefulRestart(seen)].filter((note) => note !== undefined);
}

function agesOf({ pass }: StatusFacts): PassAges {
  return { completedSecondsAgo: pass?.completedSecondsAgo, runningSeconds: pass?.runningSeconds };
}

function maintenanceOf({ maintenanceSinceSeconds }: Remembered): NodeStatus['maintenance'] {
  return maintenanceSinceSeconds === undefined ? undefined : { sinceSeconds: maintenanceSinceSeconds };
}

function controlPlaneOf(state: NodeState, facts: StatusFacts): NodeStatus['controlPlane'] {
  const error = describeCallErrors(state.callErrors);
  return {
    url: facts.apiUrl,
    reachable: error === undefined,
    lastAnswerSeconds: state.lastAnswerSeconds,
    error,
    updatesWaiting: facts.updatesWaiting,
  };
}

const waiting = 'starting: waiting for the bootstrap configuration from the control plane';

/** The status before the node's configuration is known; `error`: why the agent does not have it yet. */
export function startingStatus(facts: StatusFacts, error?: string): NodeStatus {
  return {
    agent: { version: facts.version, pid: facts.pid, node: facts.node, uptimeSeconds: facts.uptimeSeconds },
    health: 'degraded',
    problems: [`${waiting}${error === undefined ? '' : `: ${error}`}`],
    controlPlane: { url: facts.apiUrl, reachable: error === undefined, lastAnswerSeconds: undefined, error },
    bird: { running: false, version: undefined, reason: undefined },
    maintenance: undefined,
    pass: agesOf(facts),
    withheld: [],
    notes: facts.configNotes ?? [],
    lastPass: undefined,
    sessions: [],
    mesh: [],
  };
}
