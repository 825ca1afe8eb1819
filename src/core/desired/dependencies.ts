import type { Tunnel } from '../model/artifacts.js';
import type { Loopbacks, Snapshot } from '../model/control-plane.js';
import type { Observed } from '../model/observed.js';
import type { Way } from '../model/routing.js';
import { type IpAddress, parseIp } from '../model/values/ip.js';
import type { DesiredMeshPeer } from './mesh.js';
import type { NodeIdentity } from './node.js';
import type { Dependency } from './protected.js';
import type { DesiredSession } from './sessions.js';

/** The addresses that the tunnels send to: every address of an endpoint's name, because the one in use may change any time. */
export function endpointDependencies(
  sessions: readonly DesiredSession[],
  mesh: readonly DesiredMeshPeer[],
  resolved: Observed['resolved'],
): Dependency[] {
  const tunnels = [
    ...sessions.map(({ session, tunnel }) => ({ tunnel, what: `endpoint of AS${session.asn}` })),
    ...mesh.map(({ nodeId, tunnel }) => ({ tunnel, what: `endpoint of node ${nodeId}` })),
  ];
  return tunnels.flatMap(({ tunnel, what }) =>
    endpointAddresses(tunnel, resolved).map((address) => ({ address, what, way: 'uplink' as const })),
  );
}

function endpointAddresses(tunnel: Tunnel | undefined, resolved: Observed['resolved']): IpAddress[] {
  const endpoint = tunnel?.peer.endpoint;
  if (!endpoint) return [];
  const hosts = endpoint.named ? (resolved.get(endpoint.host) ?? []) : [endpoint.host];
  return hosts.flatMap((host) => parseIp(host) ?? []);
}

/** The loopbacks of this node and of our others, which iBGP uses. `mesh` are the tunnels to them. */
export function loopbackDependencies(
  node: NodeIdentity,
  snapshot: Pick<Snapshot, 'mesh' | 'birdConfig'>,
  mesh: readonly DesiredMeshPeer[],
): Dependency[] {
  const ibgpPeers = snapshot.birdConfig?.ibgpPeers ?? [];
  const others = [...(snapshot.mesh?.peers ?? []), ...ibgpPeers];
  // Babel has routes to the nodes that are iBGP peers.
  const byBabel = (nodeId: number) =>
    ibgpPeers.some((peer) => peer.nodeId === nodeId) &&
    mesh.some((peer) => peer.nodeId === nodeId && peer.tunnel !== undefined);
  return [
    ...loopbacksOf(node, 'loopback of this node', 'own'),
    ...others.flatMap((peer) =>
      loopbacksOf(peer, `loopback of node ${peer.nodeId}`, byBabel(peer.nodeId) ? 'mesh' : 'own'),
    ),
  ];
}

function loopbacksOf({ loopbackIpv4, loopbackIpv6 }: Loopbacks, what: string, way: Way): Dependency[] {
  return [loopbackIpv4, loopbackIpv6].flatMap((address) => (address ? [{ address, what, way }] : []));
}
