import type { BirdConfig, BootstrapConfig, Mesh, Snapshot } from '../../core/model/control-plane.js';
import type { SessionEntry } from '../../core/model/session.js';
import type { SessionReport } from '../../core/model/session-report.js';
import type { IpAddress } from '../../core/model/values/ip.js';
import type { SessionId } from '../../core/model/values/session-id.js';

/** What the health gate of a change knows of the control plane. */
export interface ControlPlaneWatch {
  /** True where each of the last calls got an answer. One that it refuses does not stop the watch. */
  isAnswering(): boolean;
  /** Asks. A refusal is an answer. */
  answers(signal: AbortSignal): Promise<boolean>;
}

/** What `report` says of one session. Counters are totals of the tunnel as the kernel counts them. */
export interface SessionMetrics {
  readonly uuid: SessionId;
  readonly asn: number;
  readonly interface: string;
  /** The BIRD protocols of the session, one or (without MP-BGP) two, and the state of the worse one. */
  readonly protocols: readonly string[];
  readonly bgpState: string | undefined;
  readonly bgpInfo: string | undefined;
  /** Those of `protocols` that BIRD runs, each in BIRD's own words: `up`, `Established`. */
  readonly protocolStates: readonly {
    readonly name: string;
    readonly state: string;
    readonly info: string;
  }[];
  /** What is pinged; undefined where nothing is. */
  readonly pingTarget: string | undefined;
  /** Milliseconds over the tunnel; undefined where no answer came. */
  readonly rttMs: number | undefined;
  /** Lost probes, 0 to 1. */
  readonly loss: number | undefined;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly routesImported: number;
  readonly routesExported: number;
  /** Unix seconds; 0 where there was none. */
  readonly latestHandshakeSeconds: number;
}

/** What the machine's network has done and does: bytes of all interfaces but `lo` since boot, sockets in use. */
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
  /** As the node's own interfaces show them. */
  readonly publicIpv4?: string | undefined;
  readonly publicIpv6?: string | undefined;
  /** Running sessions that the list leaves out, which is not believed yet. */
  readonly withheldSessions: number;
  /** What is wrong with the node itself, apart from its sessions, a sentence each. */
  readonly problems: readonly string[];
}

/** The round-trip time to another node of the operator's, by its loopback address. */
export interface NodeRtt {
  readonly target: string;
  readonly rttMs: number;
  /** Lost probes, 0 to 1. */
  readonly loss: number;
}

/** State of one mesh peer: `configured`, or why not. */
export interface MeshPeerStatus {
  readonly nodeId: number;
  readonly error: string | undefined;
}

/** The control plane, whatever dialect it speaks. Every call throws `ControlPlaneError` when it does not succeed. */
export interface ControlPlane {
  fetchConfig(signal?: AbortSignal): Promise<BootstrapConfig>;
  fetchSessions(signal?: AbortSignal): Promise<readonly SessionEntry[]>;
  fetchBirdConfig(signal?: AbortSignal): Promise<BirdConfig>;
  fetchMesh(signal?: AbortSignal): Promise<Mesh>;
  /**
   * Resolves to true where the answer says that the row was changed, to undefined where it does not say. An answer that it
   * was not changed is a failure of kind `rejected`; a row that is gone, one of kind `unknown-node`.
   */
  postModify(report: SessionReport, signal?: AbortSignal): Promise<true | undefined>;
  /** `modify` without a status. Resolves to false, with nothing posted, where the control plane's dialect has no such call. */
  postObservedEndpoint(uuid: SessionId, address: IpAddress, signal?: AbortSignal): Promise<boolean>;
  postHeartbeat(heartbeat: Heartbeat, signal?: AbortSignal): Promise<void>;
  postReport(sessions: readonly SessionMetrics[], signal?: AbortSignal): Promise<void>;
  /** Nothing is posted where the control plane's dialect has no such call. */
  postNodeRtts(rtts: readonly NodeRtt[], signal?: AbortSignal): Promise<void>;
  postMeshStatus(peers: readonly MeshPeerStatus[], signal?: AbortSignal): Promise<void>;
  /** The last good answers, as they were kept on disk. */
  recall(): Promise<Snapshot>;
  /** `GET /health`, without the token. */
  checkHealth(signal?: AbortSignal): Promise<void>;
  /** The next calls are made, also where the control plane has asked to be left in peace for a while. */
  endPause(): void;
  close(): Promise<void>;
}
