import { loadTemplates } from '../../src/adapters/templates/load-templates.js';
import { editSession, emptyState } from '../../src/lab/control-plane/control-plane-state.js';
import { type SessionRow, sessionRow } from '../../src/lab/control-plane/session-row.js';
import { makePeer } from '../../src/lab/scenario/peer-spec.js';
import { makeScenario } from '../../src/lab/scenario/scenario.js';
import { type Chance, keyOf } from './chance.js';
import { makeRouter, type Router, type World } from './router.js';
import { type Network, openServer, type Server } from './server.js';
import type { VirtualTime } from './virtual-time.js';

export interface FleetOptions {
  readonly nodes: number;
  readonly sessionsPerNode: number;
  /** Between two looks of a node. */
  readonly lookMs: number;
}

export interface Fleet {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly server: Server;
  readonly networks: readonly Network[];
  readonly routers: readonly Router[];
}

/** Nodes that mesh with each other. */
const networkSize = 5;

/** Read once: that takes longer than a pass. */
const templates = loadTemplates();

/** Routers that have just been installed, and the control plane that knows their sessions. Nothing runs yet. */
export async function makeFleet(options: FleetOptions, time: VirtualTime, chance: Chance): Promise<Fleet> {
  const { nodes, sessionsPerNode, lookMs } = options;
  // Ten times what the nodes ask when all is well.
  const server = openServer(time, Math.max(20, nodes));
  const world: World = {
    time,
    server,
    templates: await templates,
    intervals: { lookMs, sessionsMs: 60_000, heartbeatMs: 30_000, meshMs: 120_000, birdConfigMs: 300_000 },
  };
  const networks = Array.from({ length: Math.ceil(nodes / networkSize) }, (_, index) =>
    makeNetwork(Math.min(networkSize, nodes - index * networkSize), sessionsPerNode, chance),
  );
  const routers = networks.flatMap((network) =>
    network.scenario.nodes.map((spec) => makeRouter(spec, network, world, chance.fork())),
  );
  return { time, chance, server, networks, routers };
}

function makeNetwork(nodes: number, sessionsPerNode: number, chance: Chance): Network {
  const network: Network = {
    scenario: makeScenario(nodes),
    state: emptyState(new Map(), 'moenet-core'),
    endedAt: new Map(),
  };
  for (let index = 0; index < nodes * sessionsPerNode; index += 1) addSession(network, index, chance);
  return network;
}

/** Adds the session with this index: it waits for its set-up. */
export function addSession({ scenario, state }: Network, index: number, chance: Chance): void {
  const row = sessionRow(makePeer(index, scenario.nodes), { publicKey: keyOf(chance) }, 'queued for setup');
  // Every third peer has a name.
  const endpoint =
    index % 3 === 0 ? `peer${index}.example.net:51820` : row.endpoint && `192.0.2.${(index % 250) + 1}:51820`;
  state.sessions.set(row.uuid, { ...row, endpoint, contact: 'somebody' });
}

/** Changes what a peer or an operator may change of a session. */
export function editAny({ state }: Network, row: SessionRow, chance: Chance): void {
  const changes: readonly Partial<SessionRow>[] = [
    { mtu: chance.between(1280, 1420) },
    { policy: chance.oneOf(['full', 'peer', 'upstream', 'downstream']) },
    { endpoint: `192.0.2.${chance.between(1, 250)}:${chance.between(20_000, 60_000)}` },
    { publicKey: keyOf(chance) },
  ];
  editSession(state, row.uuid, chance.oneOf(changes));
}
