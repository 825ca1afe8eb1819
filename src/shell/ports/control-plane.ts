import type { BirdConfig, BootstrapConfig, Mesh, Snapshot } from '../../core/model/control-plane.js';
import type { SessionEntry } from '../../core/model/session.js';
import type { SessionReport } from '../../core/model/session-report.js';
import type { IpAddress } from '../../core/model/values/ip.js';
import type { SessionId } from '../../core/model/values/session-id.js';

/** What a change on trial asks of the control plane. */
export interface ControlPlaneWatch {
  /** True where each of the last calls got an answer. A refused call does not stop the watch. */
  isAnswering(): boolean;
  /** Asks now. A refusal is an answer. */
  answers(signal: AbortSignal): Promise<boolean>;
}

/** What `report` says of one session. Counters are the kernel's totals of the tunnel. */
export interface SessionMetrics {
  readonly uuid: SessionId;
  readonly asn: number;
  readonly interface: string;
  /** The BIRD protocols of the session, one or (without MP-BGP) two, and the state of the worse one. */
  readonly protocols: readonly string[];
  readonly bgpState: string | undefined;
  readonly bgpInfo: string | undefined;
  /** Those of `protocols` that BIRD runs, with BIRD's words: `up`, `Established`. */
  readonly protocolStates: readonly {
    readonly name: string;
    readonly state: string;
    readonly info: string;
  }[];
  /** The pinged address; undefined where none is. */
  readonly pingTarget: string | undefined;
  /** Milliseconds over the tunnel; undefined without an answer. */
  readonly rttMs: number | undefined;
  /** Lost probes, 0 to 1. */
  readonly loss: number | undefined;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly routesImported: number;
  readonly routesExported: number;
  /** Unix seconds; 0 without one. */
  readonly latestHandshakeSeconds: number;
}

/** The machine's network use: bytes of all interfaces but `lo` since boot, sockets in use. */
export interface NetworkTotals {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly tcpSockets: number;
  readonly udpSockets: number;
}

export interface Heartbeat {
  readonly version: string;
  /** Seconds the agent process has run. */
  readonly uptimeSeconds: number;
  readonly meshPublicKey: string | undefined;
  readonly birdVersion: string | undefined;
  readonly kernel: string;
  readonly loadAverage: readonly [number, number, number];
  /** Undefined where it cannot be read. */
  readonly network: NetworkTotals | undefined;
  /** From the node's own interfaces. */
  readonly publicIpv4?: string | undefined;
  readonly publicIpv6?: string | undefined;
  /** Running sessions that the list leaves out and that the agent keeps, because it doubts the list. */
  readonly withheldSessions: number;
  /** What is wrong with the node itself apart from its sessions, one sentence each. */
  readonly problems: readonly string[];
}

/** The round-trip time to another node of the operator, by its loopback address. */
export interface NodeRtt {
  readonly target: string;
  readonly rttMs: number;
  /** Lost probes, 0 to 1. */
  readonly loss: number;
}

/** The state of one mesh peer: `configured`, or why it is not. */
export interface MeshPeerStatus {
  readonly nodeId: number;
  readonly error: string | undefined;
}

/** The control plane in any dialect. Every call throws `ControlPlaneError` on failure. */
export interface ControlPlane {
  fetchConfig(signal?: AbortSignal): Promise<BootstrapConfig>;
  fetchSessions(signal?: AbortSignal): Promise<readonly SessionEntry[]>;
  fetchBirdConfig(signal?: AbortSignal): Promise<BirdConfig>;
  fetchMesh(signal?: AbortSignal): Promise<Mesh>;
  /**
   * Resolves to true where the answer says that the row changed, to undefined where it does not say. "Not changed" is a
   * failure of kind `rejected`; a missing row is one of kind `unknown-node`.
   */
  postModify(report: SessionReport, signal?: AbortSignal): Promise<true | undefined>;
  // The posts below resolve to false where there was nothing to post, or the dialect has no such call: then nothing was asked.
  /** `modify` without a status. */
  postObservedEndpoint(uuid: SessionId, address: IpAddress, signal?: AbortSignal): Promise<boolean>;
  postHeartbeat(heartbeat: Heartbeat, signal?: AbortSignal): Promise<boolean>;
  postReport(sessions: readonly SessionMetrics[], signal?: AbortSignal): Promise<boolean>;
  postNodeRtts(rtts: readonly NodeRtt[], signal?: AbortSignal): Promise<boolean>;
  postMeshStatus(peers: readonly MeshPeerStatus[], signal?: AbortSignal): Promise<boolean>;
  /** The last good answers, from disk. */
  recall(): Promise<Snapshot>;
  /** `GET /health`, without the token. */
  checkHealth(signal?: AbortSignal): Promise<void>;
  /** Makes the next calls even if the control plane has asked the agent to wait. */
  endPause(): void;
  close(): Promise<void>;
}
