import { ibgpOptions } from '../model/bgp-options.js';
import type { IbgpPeer } from '../model/control-plane.js';
import { ibgpProtocolName } from '../model/names.js';
import type { Routing, RoutingNode } from '../model/routing.js';
import type { IpAddress } from '../model/values/ip.js';
import type { View } from './fill.js';
import type { RunningOptions } from './running-options.js';

/**
 * The values of `ibgp.conf.hbs`, or undefined where the two nodes have no loopbacks of the same family.
 * Over IPv6 BGP carries both families, IPv4 with an IPv6 next hop (RFC 8950); over IPv4 only IPv4. `running` are the options
 * that the protocol has to keep.
 */
export function ibgpView(
  node: RoutingNode,
  peer: IbgpPeer,
  running?: RunningOptions,
): (View & { readonly name: string }) | undefined {
  const transport =
    between(node.loopbackIpv6, peer.loopbackIpv6) ?? between(node.loopbackIpv4, peer.loopbackIpv4);
  if (!transport) return undefined;
  const overIpv6 = transport.neighbor.includes(':');
  const name = ibgpProtocolName(peer.nodeId);
  const options = running?.get(name) ?? ibgpOptions(node.isRouteReflector || peer.isRouteReflector);
  return {
    name,
    nodeId: peer.nodeId,
    description: peer.nodeName,
    relation: relationOf(node.isRouteReflector, peer.isRouteReflector),
    source: transport.source,
    neighbor: transport.neighbor,
    // RFC 4456: a reflector passes iBGP routes on to its clients and among them; other reflectors are not clients.
    reflects: node.isRouteReflector && !peer.isRouteReflector,
    options: options.protocol,
    channels: [
      { name: 'ipv4', nextHop: transport.source, extendedNextHop: overIpv6, options: options.ipv4 },
      ...(overIpv6
        ? [{ name: 'ipv6', nextHop: transport.source, extendedNextHop: false, options: options.ipv6 }]
        : []),
    ],
    // For templates that an operator copied before there were `channels`.
    extendedNextHop: overIpv6,
    ipv6: overIpv6,
  };
}

/** A sentence for each peer without iBGP; an operator has to give one of the two nodes a loopback address. */
export function ibgpProblems({ node, ibgpPeers }: Routing): string[] {
  return ibgpPeers
    .filter((peer) => !ibgpView(node, peer))
    .map(({ nodeId, nodeName }) => {
      const peer = `iBGP peer ${nodeId}${nodeName ? ` (${nodeName})` : ''}`;
      return `${peer}: no BGP, because it and this node have no loopback addresses of the same family`;
    });
}

function between(source: IpAddress | undefined, neighbor: IpAddress | undefined) {
  return source && neighbor ? { source, neighbor } : undefined;
}

function relationOf(weReflect: boolean, theyReflect: boolean): string {
  if (weReflect) return theyReflect ? 'a route reflector like this node' : 'a client of this route reflector';
  return theyReflect ? 'a route reflector' : 'no route reflector, like this node';
}
