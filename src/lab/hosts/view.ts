import type { PeerSpec } from '../scenario/scenario.js';
import { type BgpProtocol, parseBgpProtocols } from './bird-protocols.js';
import type { NodeHost } from './node-host.js';
import type { PeerHost } from './peer-host.js';

export interface LinkView {
  readonly index: number;
  readonly mtu: number;
  readonly alias: string | undefined;
  readonly addresses: readonly string[];
}

export interface TunnelView {
  readonly endpoint: string;
  /** Unix seconds; 0 where there was none. */
  readonly handshakeSeconds: number;
  readonly rxBytes: number;
}

/** What the programs on a node say, read without any of the agent's code. */
interface NodeView {
  readonly bgp: readonly BgpProtocol[];
  readonly links: ReadonlyMap<string, LinkView>;
  readonly tunnels: ReadonlyMap<string, TunnelView>;
}

/** The whole lab at one moment. */
export interface View {
  readonly atMs: number;
  readonly nodes: ReadonlyMap<string, NodeView>;
  /** ASN → what the peer's BIRD says. */
  readonly peers: ReadonlyMap<number, readonly BgpProtocol[]>;
}

/** Looks at every host at once. What does not answer (yet) is seen as empty. */
export async function lookAt(nodes: readonly NodeHost[], peers: readonly PeerHost[]): Promise<View> {
  const [nodeViews, peerViews] = await Promise.all([
    Promise.all(nodes.map(async (node) => [node.spec.name, await lookAtNode(node)] as const)),
    Promise.all(peers.map(async (peer) => [peer.spec.asn, await bgpOf(peer)] as const)),
  ]);
  return { atMs: Date.now(), nodes: new Map(nodeViews), peers: new Map(peerViews) };
}

/** The node's BGP protocols with a peer, all of which must be Established. */
export function nodeBgp(view: View, { node, asn }: PeerSpec): readonly BgpProtocol[] {
  return view.nodes.get(node.name)?.bgp.filter((protocol) => protocol.neighborAsn === asn) ?? [];
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

async function lookAtNode(node: NodeHost): Promise<NodeView> {
  const [bgp, links, tunnels] = await Promise.all([bgpOf(node), linksOf(node), tunnelsOf(node)]);
  return { bgp, links, tunnels };
}

async function bgpOf(host: { askBird(command: string): Promise<string> }): Promise<BgpProtocol[]> {
  const reply = await host.askBird('show protocols all').catch(() => '');
  return parseBgpProtocols(reply);
}

interface IpAddressJson {
  readonly ifname: string;
  readonly ifindex: number;
  readonly mtu: number;
  readonly ifalias?: string;
  readonly addr_info: readonly { readonly local: string }[];
}

async function linksOf({ host }: NodeHost): Promise<Map<string, LinkView>> {
  // Without -d an alias is not shown (iproute2 6.1).
  const answer = await host.run('ip', ['-j', '-d', 'address']).catch(() => undefined);
  const links: readonly IpAddressJson[] = JSON.parse(answer?.stdout || '[]');
  return new Map(
    links.map((link) => [
      link.ifname,
      {
        index: link.ifindex,
        mtu: link.mtu,
        alias: link.ifalias,
        addresses: link.addr_info.map(({ local }) => local),
      },
    ]),
  );
}

/** `wg show all dump`: nine fields for a peer, five for its interface (wg(8)); each interface here has one peer. */
async function tunnelsOf({ host }: NodeHost): Promise<Map<string, TunnelView>> {
  const answer = await host.run('wg', ['show', 'all', 'dump']).catch(() => undefined);
  const rows = (answer?.stdout ?? '').split('\n').map((line) => line.split('\t'));
  return new Map(
    rows
      .filter((row) => row.length === 9)
      .map(([name = '', , , endpoint = '', , handshake, rx]) => [
        name,
        { endpoint, handshakeSeconds: Number(handshake), rxBytes: Number(rx) },
      ]),
  );
}
