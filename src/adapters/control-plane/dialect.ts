import type { SessionStatus } from '../../core/model/session-status.js';
import type { Heartbeat, MeshPeerStatus, SessionMetrics, SessionReport } from '../../shell/ports.js';
import type { Refusal } from './refusal.js';

/** The calls of the Agent API, by the words that name them in every dialect. */
export type Call =
  | 'config'
  | 'sessions'
  | 'bird-config'
  | 'mesh'
  | 'modify'
  | 'heartbeat'
  | 'report'
  | 'mesh/status'
  | 'health';

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Below the API's base URL, starting with a slash. */
  readonly path: string;
}

/** What is said of an answer once its wrapping is off. */
type Unwrapped =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly refusal: Refusal };

/** Who speaks, and when: some bodies carry it. */
export interface Speaker {
  readonly nodeName: string;
  /** Unix time in milliseconds. */
  readonly nowMs: number;
}

/**
 * One way in which control planes speak the Agent API. Paths, wrappings, status numbers and request bodies are here
 * and nowhere else: one dialect's number does harm in another (`modify` with 1 means active here, disabled there).
 */
export interface Dialect {
  readonly name: string;
  endpoint(call: Call, nodeName: string): Endpoint;
  unwrap(answer: unknown): Unwrapped;
  /** The word for a status number, or undefined where the dialect has none. */
  readStatus(code: number): SessionStatus | undefined;
  modifyBody(report: SessionReport, speaker: Speaker): unknown;
  heartbeatBody(heartbeat: Heartbeat, speaker: Speaker): unknown;
  reportBody(sessions: readonly SessionMetrics[], speaker: Speaker): unknown;
  meshStatusBody(peers: readonly MeshPeerStatus[], speaker: Speaker): unknown;
}
