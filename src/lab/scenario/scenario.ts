import { makeNodes, type NodeSpec } from './node-spec.js';
import { makePeer, type PeerSpec } from './peer-spec.js';

/** What the lab is made of: names, numbers and addresses, and nothing that runs. */
export interface Scenario {
  /** Where the control plane listens, in the middle of "the internet", and beside it the RPKI cache. */
  readonly controlPlane: { readonly address: string; readonly port: number; readonly rpkiPort: number };
  /** Where "the internet" goes on, to nowhere. */
  readonly gateway: string;
  readonly nodes: readonly NodeSpec[];
  readonly peers: readonly PeerSpec[];
  /** The peer whose session is added, and deleted again, while the others run. Its row names nothing but the peer's ULA. */
  readonly newcomer: PeerSpec;
  /** Sessions that are not to run, such as one that still waits for review: nothing of them may appear anywhere. */
  readonly idle: readonly IdlePeer[];
  /** A session of whose interface's name its node's operator makes what BIRD cannot read. It has no host. */
  readonly misfit: PeerSpec;
  /** The peer whose session is on the same list for the first time, at the same node. */
  readonly companion: PeerSpec;
  /** A peer whose session gives it the control plane's address. */
  readonly impostor: PeerSpec;
}

/** A peer without a host, and the status that its session has. */
interface IdlePeer {
  readonly peer: PeerSpec;
  readonly status: 'pending review' | 'teardown' | 'rejected';
}

/** Three nodes, of which one reflects routes between the others; peers of all policies and kinds. */
const usualNodes = 3;
const usualPeers = 6;

/**
 * The scenario with `nodeCount` nodes (1 to 8) and `peerCount` peers (1 to 24) spread over them. The third peer, which has addresses of
 * its own on its tunnel, runs FRR where there is one.
 */
export function makeScenario(nodeCount = usualNodes, peerCount = usualPeers, hasFrr = false): Scenario {
  const nodes = makeNodes(nodeCount);
  return {
    controlPlane: { address: '198.51.100.1', port: 8080, rpkiPort: 8082 },
    gateway: '198.51.100.254',
    nodes,
    peers: Array.from({ length: peerCount }, (_, index) => {
      const peer = makePeer(index, nodes);
      return hasFrr && index === 2 ? { ...peer, daemon: 'FRR' } : peer;
    }),
    newcomer: overUla(makePeer(peerCount, nodes)),
    idle: [
      { peer: makePeer(peerCount + 1, nodes), status: 'pending review' },
      { peer: makePeer(peerCount + 4 + nodeCount, nodes), status: 'teardown' },
      { peer: makePeer(peerCount + 5 + nodeCount, nodes), status: 'rejected' },
    ],
    misfit: withHyphen(makePeer(peerCount + 2, nodes)),
    companion: makePeer(peerCount + 2 + nodeCount, nodes),
    impostor: withTunnelAddresses(makePeer(peerCount + 3 + nodeCount, nodes)),
  };
}

/** Both families over the ULA on the tunnel, with RFC 8950 next hops. */
function overUla(peer: PeerSpec): PeerSpec {
  return {
    ...peer,
    kind: 'extended-next-hop',
    writer: 'bot',
    neighbor: 'ULA',
    dialsIn: false,
    hasPresharedKey: false,
  };
}

/** `dn42-1008`: a name that the kernel likes as much as `dn42_1008`, and BIRD does not take as one of its own. */
function withHyphen(peer: PeerSpec): PeerSpec {
  const { session } = peer;
  return { ...peer, session: { ...session, interface: session.interface.replace('_', '-') } };
}

/** Of the kind whose IPv4 address the node would make the other end of its tunnel. */
function withTunnelAddresses(peer: PeerSpec): PeerSpec {
  return {
    ...peer,
    kind: 'mp-bgp',
    writer: 'bot',
    neighbor: 'link-local',
    hostName: undefined,
    dialsIn: false,
    hasPresharedKey: true,
  };
}
