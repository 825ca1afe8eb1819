import type { SessionReport } from '../../../core/model/session-report.js';
import type { SessionStatus } from '../../../core/model/session-status.js';
import type { IpAddress } from '../../../core/model/values/ip.js';
import type { SessionId } from '../../../core/model/values/session-id.js';
import type {
  Heartbeat,
  MeshPeerStatus,
  NodeRtt,
  SessionMetrics,
} from '../../../shell/ports/control-plane.js';
import type { callNames } from '../../../shell/ports/work.js';
import type { Refusal } from './envelope.js';

/** The `GET` calls, by their names in every dialect. */
export type GetCall = 'config' | 'sessions' | 'bird-config' | 'mesh';

/** The calls of the Agent API. */
export type Call = (typeof callNames)[number];

/** The `POST` calls. */
export type PostCall = Exclude<Call, GetCall | 'health'>;

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Below the API's base URL, starting with a slash. */
  readonly path: string;
}

/** A request that tells the control plane something. */
export interface Post {
  readonly call: PostCall;
  readonly body: unknown;
}

/** An answer without its envelope. */
export type Unwrapped =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly refusal: Refusal }
  /** The answer has the form of another dialect; `foreign` says how. The agent must not read it. */
  | { readonly ok: false; readonly foreign: string };

/** Who speaks, and when: some bodies carry it. */
export interface Speaker {
  readonly nodeName: string;
  /** Unix time in milliseconds. */
  readonly nowMs: number;
}

export type DialectName = 'documented' | 'moenet-core';

/**
 * One way in which control planes speak the Agent API. Paths, envelopes, status numbers and request bodies are here and
 * nowhere else: one dialect's number does harm in another (`modify` with 1 means active here, disabled there).
 */
export interface Dialect {
  readonly name: DialectName;
  /** Whether every answer comes in an envelope, refusals included. */
  readonly enveloped: boolean;
  /** Whether the dialect promises every key, so that a missing one is a difference. */
  readonly promisesAllKeys: boolean;
  endpoint(call: Call, nodeName: string): Endpoint;
  unwrap(answer: unknown): Unwrapped;
  /** The word for a status number, or undefined where the dialect has none. */
  readStatus(code: number): SessionStatus | undefined;
  modify(report: SessionReport, speaker: Speaker): readonly Post[];
  /** The observed endpoint of a session's peer; empty where the dialect has no such call. */
  observedEndpoint(uuid: SessionId, address: IpAddress): readonly Post[];
  heartbeat(heartbeat: Heartbeat, speaker: Speaker): readonly Post[];
  report(sessions: readonly SessionMetrics[], speaker: Speaker): readonly Post[];
  /** Empty where the dialect has no such call. */
  nodeRtts(rtts: readonly NodeRtt[], speaker: Speaker): readonly Post[];
  meshStatus(peers: readonly MeshPeerStatus[], speaker: Speaker): readonly Post[];
}

/** What `mesh/status` says of the peers in every dialect: `{"2": "configured", "3": "error: ..."}`. */
export function meshStates(peers: readonly MeshPeerStatus[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    peers.map(({ nodeId, error }) => [nodeId, error === undefined ? 'configured' : `error: ${error}`]),
  );
}

/** The measurements of a session, as `report` has them in every dialect. */
export function measuredFields(metrics: Omit<SessionMetrics, 'protocolStates'>) {
  return {
    uuid: metrics.uuid,
    asn: metrics.asn,
    interface: metrics.interface,
    rtt: metrics.rttMs,
    loss: metrics.loss,
    rxBytes: metrics.rxBytes,
    txBytes: metrics.txBytes,
    routesImported: metrics.routesImported,
    routesExported: metrics.routesExported,
  };
}
