import type { RefusedCount } from '../../core/lookups/refused-reasons.js';
import type { BootstrapConfig, Snapshot } from '../../core/model/control-plane.js';
import type { UpHistory } from '../../core/verdict/up-history.js';
import type { PingResult } from '../ports/host.js';
import type { PassResult } from './context.js';
import type { OwnedChange } from './recent-changes.js';

/** All state that changes while the daemon runs. */
export interface NodeState {
  snapshot: Snapshot & { readonly config: BootstrapConfig };
  lastPass: PassResult | undefined;
  /** Why the last pass could not be made; undefined where it was made. */
  passError: string | undefined;
  /** The last changes of the passes since the start, oldest first, for `explain`. */
  recentChanges: readonly OwnedChange[];
  pings: ReadonlyMap<string, PingResult>;
  /** The routes that the import filters refuse, by reason, as BIRD counted them last; undefined before that. */
  refusedRoutes: readonly RefusedCount[] | undefined;
  /** Unix seconds of the control plane's last success. */
  lastAnswerSeconds: number | undefined;
  /** Call → the reason of its last failure, without the call's name; a call that succeeded has no entry. */
  readonly callErrors: Map<string, string>;
  /** The calls that got no answer the last time; a refusal counts as an answer. */
  readonly unanswered: Set<string>;
  /** Whether the control plane answered any call since the start; a refusal counts. */
  isHeard: boolean;
  /** When the agent asked for the list of sessions in the snapshot, in ms of the monotonic clock. */
  sessionsAskedMs: number;
  /** When the round-trip times to other nodes were last posted, in ms of the monotonic clock. */
  nodeRttsAtMs: number | undefined;
  /** When the last report began, in ms of the monotonic clock; undefined where it failed. */
  lastReportMs: number | undefined;
  /** Which sessions are up, and how often each went down. */
  ups: UpHistory;
}

/** `ups`: what earlier events tell of it. */
export function newNodeState(snapshot: NodeState['snapshot'], ups: UpHistory = new Map()): NodeState {
  return {
    ups,
    snapshot: { ...snapshot, stored: new Set(['sessions', 'mesh']) },
    lastPass: undefined,
    passError: undefined,
    recentChanges: [],
    pings: new Map(),
    refusedRoutes: undefined,
    lastAnswerSeconds: undefined,
    callErrors: new Map(),
    unanswered: new Set(),
    isHeard: false,
    sessionsAskedMs: Number.NEGATIVE_INFINITY,
    nodeRttsAtMs: undefined,
    lastReportMs: undefined,
  };
}
