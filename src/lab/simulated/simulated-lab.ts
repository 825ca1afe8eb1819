import { randomBytes } from 'node:crypto';
import { type AnyLab, offerSession, publicKey, untilKeysAreTold } from '../any-lab.js';
import { emptyState } from '../control-plane/control-plane-state.js';
import type { Dialect } from '../control-plane/dialect.js';
import { serveControlPlane } from '../control-plane/serve-control-plane.js';
import { makePeerSecrets } from '../hosts/keys.js';
import type { View } from '../hosts/view.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { makeScenario, type Scenario } from '../scenario/scenario.js';
import type { WaitResult } from '../wait.js';
import { makeMachine } from './node/simulated-machine.js';
import { makeNode, type SimulatedNode } from './node/simulated-node.js';
import { lookAtWorld } from './world/look-at-world.js';
import { makePeer, type SimulatedPeer } from './world/simulated-peer.js';
import { makePinger } from './world/simulated-pinger.js';
import { openWorld, type World } from './world/world.js';

/** The lab on simulated hosts while it runs: the agents are real, in this process. */
export interface SimulatedLab extends AnyLab {
  readonly nodes: readonly SimulatedNode[];
  /** Grows by the newcomer. */
  readonly peers: SimulatedPeer[];
  readonly world: World;
  view: View;
  /** Stops the agents, and all that is around them. */
  close(): Promise<void>;
}

/** The usual scenario, with peers that run nothing. */
export function simulatedScenario(nodes?: number, peers?: number): Scenario {
  const scenario = makeScenario(nodes, peers);
  const simulated = (peer: PeerSpec): PeerSpec => ({ ...peer, daemon: 'simulated' });
  return {
    ...scenario,
    peers: scenario.peers.map(simulated),
    newcomer: simulated(scenario.newcomer),
    companion: simulated(scenario.companion),
    misfit: simulated(scenario.misfit),
    impostor: simulated(scenario.impostor),
  };
}

const patience = { limitMs: 60_000, pollMs: 100 };
/** The agents ask more often than those of a real node. */
const requestsPerMinute = 3_000;
/** From one look of the world outside at the machines to the next. */
const tickMs = 50;

/** Starts the control plane, on the machine's loopback, and the nodes with their agents. The peers wait for the nodes' keys. */
export async function startSimulatedLab(
  scenario: Scenario,
  dialect: Dialect,
  audience: Pick<AnyLab, 'progress' | 'tell' | 'startedAtMs'>,
  afterLook: (lab: SimulatedLab) => void,
): Promise<SimulatedLab> {
  const { progress } = audience;
  audience.tell({ kind: 'scenario', scenario });
  const tokens = new Map(scenario.nodes.map(({ name }) => [name, randomBytes(24).toString('base64url')]));
  const controlPlane = emptyState(tokens, dialect, requestsPerMinute);
  const where = { address: '127.0.0.1', port: 0 };
  const controlPlaneServer = await serveControlPlane(scenario, controlPlane, where);
  const apiUrl = `http://${where.address}:${controlPlaneServer.port}`;
  progress.say(`control plane: ${apiUrl}, the ${dialect} dialect`);
  const peers = scenario.peers.map((spec) => makePeer(spec, makePeerSecrets(spec.hasPresharedKey)));
  for (const { spec, secrets } of peers) offerSession(controlPlane, spec, secrets, 'queued for setup');
  for (const { peer, status } of scenario.idle)
    offerSession(controlPlane, peer, makePeerSecrets(false), status);
  const nodes: SimulatedNode[] = [];
  const ends = { nodes, peers };
  const world = openWorld(scenario, ends);
  for (const spec of scenario.nodes) {
    const pinger = makePinger(() => nodes.find((node) => node.spec.id === spec.id), ends, world);
    const access = { apiUrl, token: tokens.get(spec.name) ?? '', requestsPerMinute };
    const node = makeNode(spec, makeMachine(spec, scenario), pinger, access);
    world.add(node);
    nodes.push(node);
    node.start();
    progress.say(`${spec.name}: the agent runs, on a simulated machine at ${spec.address}`);
  }
  const ticking = setInterval(() => world.tick(), tickMs);
  const lab: SimulatedLab = {
    ...audience,
    scenario,
    controlPlane,
    controlPlaneServer,
    nodes,
    peers,
    world,
    patience,
    view: lookAtWorld(ends, world),
    look: async () => {
      lab.view = lookAtWorld(ends, world);
      afterLook(lab);
    },
    connections: async () => connections(lab),
    endedAgents: () => nodes.filter((node) => node.ended() !== undefined).map(({ spec }) => spec.name),
    join: async (spec) => {
      const peer = makePeer(spec, makePeerSecrets(spec.hasPresharedKey));
      peer.nodeKey = publicKey(lab, spec);
      peers.push(peer);
      return peer.secrets;
    },
    movePeer: async (spec, to) => {
      peerOf(lab, spec).place = to;
    },
    changePresharedKey: async (spec, presharedKey) => {
      const peer = peerOf(lab, spec);
      peer.secrets = { ...peer.secrets, presharedKey };
    },
    deleteLink: async (spec) => {
      const node = nodeOf(lab, spec);
      const { interface: name } = spec.session;
      await node.betweenPasses(() => {
        node.machine.linkTable.delete(name);
        node.machine.wireguardTable.delete(name);
      });
    },
    close: async () => {
      clearInterval(ticking);
      await Promise.all(nodes.map((node) => node.stop()));
      await controlPlaneServer.close();
    },
  };
  return lab;
}

/** The operators of the peers make their tunnels when the keys of the nodes are known. */
export async function connectPeers(lab: SimulatedLab): Promise<WaitResult> {
  const known = await untilKeysAreTold(lab);
  if (known.ok) for (const peer of lab.peers) peer.nodeKey = publicKey(lab, peer.spec);
  return known;
}

function peerOf({ peers }: SimulatedLab, { asn }: PeerSpec): SimulatedPeer {
  const found = peers.find(({ spec }) => spec.asn === asn);
  if (!found) throw new Error(`the lab has no AS${asn}`);
  return found;
}

/** The node on which a peer's session runs. */
export function nodeOf(
  { nodes }: Pick<SimulatedLab, 'nodes'>,
  { node }: Pick<PeerSpec, 'node'>,
): SimulatedNode {
  const found = nodes.find(({ spec }) => spec.id === node.id);
  if (!found) throw new Error(`the lab has no node ${node.name}`);
  return found;
}

/** Of each peer and each node, which time it is that each session is Established. */
function connections({ peers, nodes, controlPlane, world }: SimulatedLab): ReadonlyMap<string, string> {
  const serialsOf = ({ spec, machine }: SimulatedNode, isWanted: (asn: number) => boolean) =>
    [...machine.protocols.keys()]
      .filter((name) => isWanted(world.dialled(spec, name)?.asn ?? 0))
      .map((name) => world.serial(spec, name) ?? 'down')
      .join(', ');
  const running = peers.filter(({ spec }) => controlPlane.sessions.has(spec.session.uuid));
  const external = new Set(peers.map(({ spec }) => spec.asn));
  return new Map([
    ...running.map(
      ({ spec }) => [`AS${spec.asn}`, serialsOf(nodeOf({ nodes }, spec), (asn) => asn === spec.asn)] as const,
    ),
    ...nodes.map(
      (node) =>
        [`iBGP of ${node.spec.name}`, serialsOf(node, (asn) => asn > 0 && !external.has(asn))] as const,
    ),
  ]);
}
