import type { Routing, RoutingNode } from '../../../../src/core/model/routing.js';
import { toBirdText } from '../../../../src/core/model/values/bird-text.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import { documented } from '../../../unit/core/render/routings.js';
import { v4, v6 } from '../../../unit/make.js';
import { join, type Routers } from './routers.js';

// Node 1 — node 2 (route reflector) — node 3: nodes 1 and 3 know of each other by node 2 only.
export const nodeIds = [1, 2, 3] as const;
export type NodeId = (typeof nodeIds)[number];

const reflector: NodeId = 2;
const links: readonly (readonly [NodeId, NodeId])[] = [
  [1, 2],
  [2, 3],
];

function nodeOf(id: NodeId): RoutingNode & { readonly id: NodeId } {
  return {
    ...documented.node,
    id,
    name: toBirdText(`node${id}`),
    routerId: v4(`172.22.188.${id}`),
    loopbackIpv4: v4(`172.22.188.${id}`),
    loopbackIpv6: v6(`fd00:4242:7777:101:${id}::1`),
    isRouteReflector: id === reflector,
  };
}

/** A node's routing, without sessions and RPKI. */
export function routingOf(id: NodeId, birdVersion: string): Routing {
  const neighbors = links.flatMap((link) => (link.includes(id) ? link.filter((end) => end !== id) : []));
  const known = nodeIds.filter((other) => other !== id && (id === reflector || other === reflector));
  return {
    ...documented,
    birdVersion,
    node: nodeOf(id),
    policy: { ...documented.policy, rpkiServers: [] },
    sessions: [],
    ibgpPeers: known.map((nodeId) => ({
      ...nodeOf(nodeId),
      nodeId,
      nodeName: nodeOf(nodeId).name,
    })),
    meshInterfaces: neighbors.map((other) => interfaceName.parse(`dn42-wg-igp-${other}`)),
  };
}

/** Opens the three hosts with their loopbacks and the links between them. */
export async function openThreeHosts(routers: Routers): Promise<Readonly<Record<NodeId, Namespace>>> {
  const hosts = {} as Record<NodeId, Namespace>;
  for (const id of nodeIds) {
    const { loopbackIpv4, loopbackIpv6 } = nodeOf(id);
    hosts[id] = await routers.open(`node${id}`, [`${loopbackIpv4}/32`, `${loopbackIpv6}/128`]);
    const forwarding = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'];
    await hosts[id].run('sysctl', ['-q', '-w', ...forwarding]);
  }
  for (const [one, other] of links) {
    const end = (id: NodeId, to: NodeId) => ({
      host: hosts[id],
      interface: `dn42-wg-igp-${to}`,
      address: `fe80::${id}`,
    });
    await join(end(one, other), end(other, one));
  }
  return hosts;
}
