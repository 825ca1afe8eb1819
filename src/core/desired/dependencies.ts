import type { BirdConfig, Mesh } from '../model/control-plane.js';
import { type IpAddress, parseIp } from '../model/ip.js';
import type { Observed } from '../observed.js';
import type { Tunnel } from './desired.js';
import type { DesiredMeshPeer } from './mesh.js';
import type { NodeIdentity } from './node.js';
import type { Dependency } from './protected.js';
import type { DesiredSession } from './sessions.js';

interface Loopbacks {
  readonly loopbackIpv4: IpAddress | undefined;
  readonly loopbackIpv6: IpAddress | undefined;
}

/** The addresses that packets of the tunnels go to: every address of an endpoint's name, as its answer may change any time. */
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
    endpointAddresses(tunnel, resolved).map((address) => ({ address, what, isOurs: false })),
  );
}

function endpointAddresses(tunnel: Tunnel | undefined, resolved: Observed['resolved']): IpAddress[] {
  const endpoint = tunnel?.peer.endpoint;
  if (!endpoint) return [];
  const hosts = endpoint.named ? (resolved.get(endpoint.host) ?? []) : [endpoint.host];
  return hosts.flatMap((host) => parseIp(host) ?? []);
}

/** The loopbacks of this node and of our others, which iBGP is spoken between. */
export function loopbackDependencies(
  node: NodeIdentity,
  mesh: Mesh | undefined,
  birdConfig: BirdConfig | undefined,
): Dependency[] {
  const others = [...(mesh?.peers ?? []), ...(birdConfig?.ibgpPeers ?? [])];
  return [
    ...loopbacksOf(node, 'loopback of this node'),
    ...others
      .filter(({ nodeId }) => nodeId !== node.id)
      .flatMap((peer) => loopbacksOf(peer, `loopback of node ${peer.nodeId}`)),
  ];
}

function loopbacksOf({ loopbackIpv4, loopbackIpv6 }: Loopbacks, what: string): Dependency[] {
  return [loopbackIpv4, loopbackIpv6].flatMap((address) =>
    address ? [{ address, what, isOurs: true }] : [],
  );
}
