import { meshInterface, type NodeSpec } from '../scenario/node-spec.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { BgpProtocol } from './bird-protocols.js';

export interface LinkView {
  readonly index: number;
  readonly mtu: number;
  readonly alias: string | undefined;
  readonly addresses: readonly string[];
}

export interface TunnelView {
  readonly listenPort: number;
  readonly endpoint: string;
  /** Unix seconds; 0 where there was none. */
  readonly handshakeSeconds: number;
  readonly rxBytes: number;
}

/** What the programs on a node say, read without any of the agent's code. */
export interface NodeView {
  readonly bgp: readonly BgpProtocol[];
  readonly links: ReadonlyMap<string, LinkView>;
  readonly tunnels: ReadonlyMap<string, TunnelView>;
}

/** The whole lab at one moment. */
export interface View {
  readonly atMs: number;
  readonly nodes: ReadonlyMap<string, NodeView>;
  /** ASN → what the peer's daemon says. */
  readonly peers: ReadonlyMap<number, readonly BgpProtocol[]>;
}

/** The node's BGP protocols with a peer, all of which must be Established. */
export function nodeBgp(view: View, { node, asn }: PeerSpec): readonly BgpProtocol[] {
  return view.nodes.get(node.name)?.bgp.filter((protocol) => protocol.neighborAsn === asn) ?? [];
}

/** A node's iBGP session with another of our nodes, over whichever of its loopbacks. */
export function ibgpSession(view: View, node: NodeSpec, other: NodeSpec): BgpProtocol | undefined {
  const loopbacks = [other.loopbackIpv4, other.loopbackIpv6];
  return view.nodes.get(node.name)?.bgp.find(({ neighborAddress }) => loopbacks.includes(neighborAddress));
}

/** A node's end of the mesh tunnel to another of our nodes. */
export function meshTunnel(view: View, node: NodeSpec, other: NodeSpec): TunnelView | undefined {
  return view.nodes.get(node.name)?.tunnels.get(meshInterface(other));
}

/** The node's end of a session's tunnel. */
export function nodeTunnel(view: View, { node, session }: PeerSpec): TunnelView | undefined {
  return view.nodes.get(node.name)?.tunnels.get(session.interface);
}

/** The interface of a session's tunnel. */
export function nodeLink(view: View, { node, session }: PeerSpec): LinkView | undefined {
  return view.nodes.get(node.name)?.links.get(session.interface);
}

/** True where all BGP sessions of the pair are Established, as both of its ends say. */
export function isEstablished(view: View, peer: PeerSpec): boolean {
  const wanted = peer.kind === 'separate' ? 2 : 1;
  const established = (protocols: readonly BgpProtocol[]) =>
    protocols.length === wanted && protocols.every(({ state }) => state === 'Established');
  return established(nodeBgp(view, peer)) && established(view.peers.get(peer.asn) ?? []);
}

/** Routes that the node imports from the peer, over all families. */
export function routesImported(view: View, peer: PeerSpec): number {
  return nodeBgp(view, peer).reduce((sum, protocol) => sum + protocol.imported, 0);
}
