import type { BirdConfig, Mesh, Snapshot } from '../../src/core/model/control-plane.js';
import type { SessionEntry } from '../../src/core/model/session.js';
import type { SessionReport } from '../../src/core/model/session-report.js';
import type {
  ControlPlane,
  Heartbeat,
  MeshPeerStatus,
  NodeRtt,
  SessionMetrics,
} from '../../src/shell/ports/control-plane.js';
import { bootstrap } from '../unit/make.js';

/** A control plane that holds what it lists and what it was told. `down` makes every call fail. */
export interface FakeControlPlane extends ControlPlane {
  sessions: readonly SessionEntry[];
  mesh: Mesh;
  /** Undefined: there is none, which is an error. */
  birdConfig: BirdConfig | undefined;
  down: string | undefined;
  known: Snapshot;
  readonly told: {
    readonly modify: SessionReport[];
    readonly heartbeat: Heartbeat[];
    readonly report: (readonly SessionMetrics[])[];
    readonly mesh: (readonly MeshPeerStatus[])[];
    readonly rtt: (readonly NodeRtt[])[];
    /** `uuid address` of each peer that was seen. */
    readonly seen: string[];
  };
}

export function makeFakeControlPlane(sessions: readonly SessionEntry[]): FakeControlPlane {
  const told: FakeControlPlane['told'] = {
    modify: [],
    heartbeat: [],
    report: [],
    mesh: [],
    rtt: [],
    seen: [],
  };
  const answer = async <T>(value: () => T): Promise<T> => {
    if (fake.down !== undefined) throw new Error(fake.down);
    return value();
  };
  const fake: FakeControlPlane = {
    sessions,
    mesh: { peers: [], refused: [] },
    birdConfig: undefined,
    down: undefined,
    told,
    known: { config: undefined, birdConfig: undefined, mesh: undefined, sessions: undefined },
    fetchConfig: () => answer(() => bootstrap),
    fetchSessions: () => answer(() => fake.sessions),
    fetchBirdConfig: () =>
      answer(() => {
        if (!fake.birdConfig) throw new Error('GET bird-config: 404');
        return fake.birdConfig;
      }),
    fetchMesh: () => answer(() => fake.mesh),
    postModify: (report) => answer(() => void told.modify.push(report)),
    postHeartbeat: (heartbeat) => answer(() => told.heartbeat.push(heartbeat) > 0),
    postReport: (metrics) => answer(() => told.report.push(metrics) > 0),
    postMeshStatus: (peers) => answer(() => told.mesh.push(peers) > 0),
    postNodeRtts: (rtts) => answer(() => told.rtt.push(rtts) > 0),
    postObservedEndpoint: (uuid, address) =>
      answer(() => {
        told.seen.push(`${uuid} ${address}`);
        return true;
      }),
    recall: async () => fake.known,
    checkHealth: () => answer(() => undefined),
    endPause: () => undefined,
    close: async () => undefined,
  };
  return fake;
}
