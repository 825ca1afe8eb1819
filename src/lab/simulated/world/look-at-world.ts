import type { BgpProtocol } from '../../hosts/bird-protocols.js';
import type { NodeView, View } from '../../hosts/view.js';
import { asn as ownAsn } from '../../scenario/numbers.js';
import type { SimulatedNode } from '../node/simulated-node.js';
import type { SimulatedPeer } from './simulated-peer.js';
import type { Ends } from './tunnels.js';
import type { World } from './world.js';

/** Looks at all machines at once, without any of the agent's code. */
export function lookAtWorld({ nodes, peers }: Ends, world: World): View {
  return {
    atMs: Date.now(),
    nodes: new Map(nodes.map((node) => [node.spec.name, lookAtNode(node, world)])),
    peers: new Map(peers.map((peer) => [peer.spec.asn, sessionsOf(peer, nodes, world)])),
  };
}

function lookAtNode(node: SimulatedNode, world: World): NodeView {
  const { linkTable, wireguardTable } = node.machine;
  return {
    bgp: bgpOf(node, world),
    links: new Map(
      [...linkTable].map(([name, link]) => [
        name,
        {
          index: indexOf(link),
          mtu: link.mtu,
          alias: link.alias,
          addresses: link.addresses.map(({ local }) => local),
        },
      ]),
    ),
    tunnels: new Map(
      [...wireguardTable].flatMap(
        ([
          name,
          {
            listenPort,
            peers: [peer],
          },
        ]) =>
          peer === undefined
            ? []
            : [
                [
                  name,
                  {
                    listenPort,
                    endpoint: peer.endpoint ?? '(none)',
                    handshakeSeconds: peer.latestHandshakeSeconds,
                    rxBytes: peer.rxBytes,
                  },
                ] as const,
              ],
      ),
    ),
  };
}

function bgpOf({ spec, machine }: SimulatedNode, world: World): BgpProtocol[] {
  return [...machine.protocols.values()].flatMap(({ name, bgp, since, channels }) => {
    const whom = world.dialled(spec, name);
    if (!bgp || !whom) return [];
    const sum = (kind: 'imported' | 'exported') =>
      channels.reduce((total, { routes }) => total + (routes?.[kind] ?? 0), 0);
    return {
      name,
      neighborAsn: whom.asn,
      neighborAddress: whom.neighbor,
      state: bgp.state,
      since,
      imported: sum('imported'),
      exported: sum('exported'),
    };
  });
}

/** A session is the same at both of its ends. */
function sessionsOf({ spec }: SimulatedPeer, nodes: readonly SimulatedNode[], world: World): BgpProtocol[] {
  const near = nodes.find((node) => node.spec.id === spec.node.id);
  const there = near ? bgpOf(near, world).filter(({ neighborAsn }) => neighborAsn === spec.asn) : [];
  return there.map((protocol) => ({
    ...protocol,
    neighborAsn: ownAsn,
    imported: protocol.exported,
    exported: protocol.imported,
  }));
}

const indices = new WeakMap<object, number>();
let indexed = 0;

/** As the kernel numbers interfaces: one that was made again has another number. */
function indexOf(link: object): number {
  const found = indices.get(link);
  if (found !== undefined) return found;
  indexed += 1;
  indices.set(link, indexed);
  return indexed;
}
