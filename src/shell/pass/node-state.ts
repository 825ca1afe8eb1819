import type { BootstrapConfig, Snapshot } from '../../core/model/control-plane.js';
import type { PingResult } from '../ports/host.js';
import type { PassResult } from './context.js';

/** All that changes while the daemon runs. */
export interface NodeState {
  snapshot: Snapshot & { readonly config: BootstrapConfig };
  lastPass: PassResult | undefined;
  /** Why the last pass could not be made at all; undefined where it could. */
  passError: string | undefined;
  pings: ReadonlyMap<string, PingResult>;
  /** Unix seconds of the control plane's last good answer. */
  lastAnswerSeconds: number | undefined;
  /** Call → why it last failed, without the call's name; a call that succeeded is not in it. */
  readonly callErrors: Map<string, string>;
  /** The calls that nothing answered when they were last made; an answer that refuses is one, too. */
  readonly unanswered: Set<string>;
  /** Whether the control plane answered any call since the start, were it with a refusal. */
  isHeard: boolean;
  /** When the list of sessions in the snapshot was asked for, in ms of the monotonic clock. */
  sessionsAskedMs: number;
  /** When the other nodes were last measured and told, in ms of the monotonic clock. */
  nodeRttsAtMs: number | undefined;
  /** When the last report was begun, in ms of the monotonic clock; undefined where it was not taken. */
  lastReportMs: number | undefined;
}

export function newNodeState(snapshot: NodeState['snapshot']): NodeState {
  return {
    snapshot,
    lastPass: undefined,
    passError: undefined,
    pings: new Map(),
    lastAnswerSeconds: undefined,
    callErrors: new Map(),
    unanswered: new Set(),
    isHeard: false,
    sessionsAskedMs: Number.NEGATIVE_INFINITY,
    nodeRttsAtMs: undefined,
    lastReportMs: undefined,
  };
}
