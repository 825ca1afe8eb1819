import type { ObservedWireGuard } from '../../../core/model/observed.js';
import { meshInterface } from '../../scenario/node-spec.js';
import type { FakeHost, Mutable } from '../machine/fake-machine.js';
import type { SimulatedNode } from '../node/simulated-node.js';
import type { SimulatedPeer } from './simulated-peer.js';

/** All ends of tunnels: our nodes, and their neighbors. */
export interface Ends {
  readonly nodes: readonly SimulatedNode[];
  readonly peers: readonly SimulatedPeer[];
}

/** Who is at the other end of a tunnel, and where it is heard. */
export interface FarEnd {
  readonly endpoint: string;
  /** The neighbor; undefined where it is a node of ours. */
  readonly peer: SimulatedPeer | undefined;
}

/** Who would answer a handshake over this interface, by the rules of WireGuard; undefined where nobody would. */
export function farEndOf({ nodes, peers }: Ends, near: SimulatedNode, name: string): FarEnd | undefined {
  const wireguard = near.machine.wireguardTable.get(name);
  const [shown] = wireguard?.peers ?? [];
  if (!wireguard || !shown || !near.machine.linkTable.get(name)?.up) return undefined;
  const peer = peers.find(
    ({ spec, secrets }) => spec.node.id === near.spec.id && secrets.publicKey === shown.publicKey,
  );
  if (peer) return isHeard(peer, near.machine, wireguard) ? { endpoint: placeOf(peer), peer } : undefined;
  const other = nodes.find(({ machine }) => machine.publicKey === shown.publicKey);
  if (!other) return undefined;
  const back = meshInterface(near.spec);
  const there = other.machine.wireguardTable.get(back);
  const endpoint = `${other.spec.address}:${there?.listenPort}`;
  const isMutual =
    other.machine.linkTable.get(back)?.up &&
    there?.peers[0]?.publicKey === near.machine.publicKey &&
    shown.endpoint === endpoint;
  return isMutual ? { endpoint, peer: undefined } : undefined;
}

/** Both have the other's key, the same preshared key, and the one who dials knows where. */
function isHeard(peer: SimulatedPeer, { publicKey }: FakeHost, wireguard: ObservedWireGuard): boolean {
  const { spec, secrets, nodeKey, isAway } = peer;
  const [shown] = wireguard.peers;
  const isRightSecret = shown?.presharedKey?.reveal() === secrets.presharedKey;
  const isDialled = spec.dialsIn
    ? wireguard.listenPort === spec.session.port
    : shown?.endpoint === placeOf(peer);
  return !isAway && nodeKey === publicKey && isRightSecret && isDialled;
}

function placeOf({ place }: SimulatedPeer): string {
  return `${place.address}:${place.listenPort}`;
}

/** WireGuard takes a new handshake after two minutes of use. */
const againSeconds = 120;

/** Packets go through the tunnel: the counters grow, and there is a fresh handshake. `isNew`: it has just come up. */
export function letTalk(wireguard: Mutable<ObservedWireGuard>, { endpoint }: FarEnd, isNew: boolean): void {
  const nowSeconds = Math.floor(Date.now() / 1000);
  wireguard.peers = wireguard.peers.map((peer) => ({
    ...peer,
    endpoint,
    latestHandshakeSeconds:
      isNew || nowSeconds - peer.latestHandshakeSeconds > againSeconds
        ? nowSeconds
        : peer.latestHandshakeSeconds,
    rxBytes: peer.rxBytes + 148,
    txBytes: peer.txBytes + 92,
  }));
}
