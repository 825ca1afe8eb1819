import { toBirdText } from '../model/bird-text.js';
import type { BirdConfig } from '../model/control-plane.js';
import type { DesiredMeshPeer } from './mesh.js';
import type { NodeIdentity } from './node.js';
import { defaultPolicy, type Routing, type RoutingPolicy } from './routing.js';
import type { DesiredSession } from './sessions.js';

/** Gathers what BIRD's configuration is rendered from; undefined where the node's ASN or router id is not known. */
export function buildRouting(
  mode: Routing['mode'],
  birdVersion: string | undefined,
  node: NodeIdentity,
  birdConfig: BirdConfig | undefined,
  sessions: readonly DesiredSession[],
  mesh: readonly DesiredMeshPeer[],
): Routing | undefined {
  const { asn, routerId, loopbackIpv4, loopbackIpv6, isRouteReflector } = node;
  if (asn === undefined || routerId === undefined) return undefined;
  return {
    mode,
    birdVersion,
    node: { name: toBirdText(node.name), asn, routerId, loopbackIpv4, loopbackIpv6, isRouteReflector },
    policy: withDefaults(birdConfig?.policy),
    sessions: sessions.map(({ session, protocol }) => ({ session, protocol })),
    ibgpPeers: (birdConfig?.ibgpPeers ?? []).filter((peer) => peer.nodeId !== node.id),
    meshInterfaces: mesh.flatMap(({ tunnel }) => tunnel?.interface ?? []),
  };
}

function withDefaults(policy: BirdConfig['policy'] | undefined): RoutingPolicy {
  const limits = defaultPolicy;
  return {
    ipv4Prefix: policy?.ipv4Prefix,
    ipv6Prefix: policy?.ipv6Prefix,
    ebgpImportLimit: policy?.ebgpImportLimit ?? limits.ebgpImportLimit,
    ebgpExportLimit: policy?.ebgpExportLimit ?? limits.ebgpExportLimit,
    ibgpImportLimit: policy?.ibgpImportLimit ?? limits.ibgpImportLimit,
    ibgpExportLimit: policy?.ibgpExportLimit ?? limits.ibgpExportLimit,
    asPathMaxLength: policy?.asPathMaxLength ?? limits.asPathMaxLength,
  };
}
