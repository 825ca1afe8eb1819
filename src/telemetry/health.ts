import { firstSentences } from '../core/model/list-some.js';
import type { NodeStatus } from '../shell/status/status.js';

/** The body of `GET /health`. */
export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly node: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly problems: readonly string[];
  /** How many sessions and mesh peers have trouble that the operator, the agent or the peer must act on. */
  readonly troubles: { readonly needsYou: number; readonly working: number; readonly peerSide: number };
  readonly controlPlane: { readonly reachable: boolean };
  readonly bird: { readonly running: boolean };
  /** Seconds since the last complete pass (null before the first), and of the running one (null without one). */
  readonly pass: { readonly completedSecondsAgo: number | null; readonly runningSeconds: number | null };
  /** `ok` of the `total` that the control plane wants to run. */
  readonly sessions: { readonly total: number; readonly ok: number };
}

/** The answer must not become megabytes, however many rows of the control plane's list are malformed. */
const mostProblems = 40;

const noTroubles = { needsYou: 0, working: 0, peerSide: 0 };

/** Sums a node's status up. */
export function healthOf(status: NodeStatus): Health {
  const wanted = status.sessions.filter((session) => session.state !== 'ignored');
  return {
    status: status.health,
    node: status.agent.node,
    version: status.agent.version,
    uptimeSeconds: status.agent.uptimeSeconds,
    problems: firstSentences(status.problems, mostProblems, 'problems: moenet-agent status --json'),
    troubles: status.troubles ?? noTroubles,
    controlPlane: { reachable: status.controlPlane.reachable },
    bird: { running: status.bird.running },
    pass: {
      completedSecondsAgo: status.pass.completedSecondsAgo ?? null,
      runningSeconds: status.pass.runningSeconds ?? null,
    },
    sessions: { total: wanted.length, ok: wanted.filter((session) => session.state === 'ok').length },
  };
}
