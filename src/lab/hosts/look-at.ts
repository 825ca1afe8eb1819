import { type BgpProtocol, parseBgpProtocols } from './bird-protocols.js';
import type { NodeHost } from './node-host.js';
import type { PeerHost } from './peer-host.js';
import type { LinkView, NodeView, TunnelView, View } from './view.js';

/** Looks at every host at once. What does not answer (yet) is seen as empty. */
export async function lookAt(nodes: readonly NodeHost[], peers: readonly PeerHost[]): Promise<View> {
  const [nodeViews, peerViews] = await Promise.all([
    Promise.all(nodes.map(async (node) => [node.spec.name, await lookAtNode(node)] as const)),
    Promise.all(
      peers.map(async ({ spec, bgp }) => [spec.asn, await bgp.sessions().catch(() => [])] as const),
    ),
  ]);
  return { atMs: Date.now(), nodes: new Map(nodeViews), peers: new Map(peerViews) };
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
  const ports = new Map(
    rows.filter((row) => row.length === 5).map(([name = '', , , port]) => [name, Number(port)]),
  );
  return new Map(
    rows
      .filter((row) => row.length === 9)
      .map(([name = '', , , endpoint = '', , handshake, rx]) => [
        name,
        {
          listenPort: ports.get(name) ?? 0,
          endpoint,
          handshakeSeconds: Number(handshake),
          rxBytes: Number(rx),
        },
      ]),
  );
}
