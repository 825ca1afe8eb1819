import type { Tunnel } from '../model/artifacts.js';
import type { Mesh, MeshPeer, Snapshot } from '../model/control-plane.js';
import type { Asn } from '../model/values/asn.js';
import { dn42Ranges } from '../model/values/dn42.js';
import { type InterfaceName, interfaceName } from '../model/values/interface-name.js';
import type { Prefix } from '../model/values/ip.js';
import { deriveLinkLocal, type NodeContext } from './node.js';
import type { Owned } from './owned.js';
import { type EndpointFacts, whyNoEndpoint } from './rules/endpoint-rules.js';
import { type PortFacts, portHolder } from './rules/port-rules.js';

/** A mesh peer and its tunnel, or why it has none yet. */
export interface DesiredMeshPeer {
  readonly nodeId: number;
  readonly name: string;
  readonly interface: string;
  readonly tunnel: Tunnel | undefined;
  readonly reason: string | undefined;
}

const basePort = 51_820;

/** `dn42-wg-igp-<nodeId>`, which other tools rely on; undefined where it would exceed 15 bytes. */
function meshInterface(nodeId: number): InterfaceName | undefined {
  const name = interfaceName.safeParse(`dn42-wg-igp-${nodeId}`);
  return name.success ? name.data : undefined;
}

/** The port on which this node listens for the mesh peer `nodeId`. */
export function meshListenPort(nodeId: number): number {
  return basePort + nodeId;
}

/** What tunnels of the mesh must not use. */
interface MeshFacts {
  readonly ports: PortFacts;
  readonly endpoints: EndpointFacts;
  /** This node's own public key; undefined where it is unknown. */
  readonly own: { readonly publicKey: string | undefined };
}

/** One tunnel to each of the operator's other nodes whose key is known. */
export function desireMesh(
  mesh: Mesh,
  context: NodeContext,
  ownPrefixes: readonly Prefix[],
  facts: MeshFacts,
): DesiredMeshPeer[] {
  return mesh.peers
    .map((peer) => {
      const name = meshInterface(peer.nodeId);
      const reason = whyNot(peer, name, context, facts);
      const tunnel = name && reason === undefined ? tunnelOf(peer, name, context, ownPrefixes) : undefined;
      return {
        nodeId: peer.nodeId,
        name: peer.nodeName,
        interface: name ?? `dn42-wg-igp-${peer.nodeId}`,
        tunnel,
        reason,
      };
    })
    .sort((a, b) => a.nodeId - b.nodeId);
}

function whyNot(
  peer: MeshPeer,
  name: InterfaceName | undefined,
  { node, owned }: NodeContext,
  facts: MeshFacts,
): string | undefined {
  if (name === undefined || meshListenPort(peer.nodeId) > 65_535)
    return `node id ${peer.nodeId} is too large for a tunnel`;
  if (owned.foreignInterfaces.has(name)) return `interface ${name} exists and was not made by the agent`;
  if (peer.publicKey === undefined) return 'waiting for its public key (that node has sent no heartbeat yet)';
  // The kernel silently drops a peer with the interface's own key.
  if (peer.publicKey === facts.own.publicKey)
    return "the public key is this node's own, not the peer's; if one node is a copy of the other, give it its own private key";
  if (node.linkLocal === undefined) return 'this node has no link-local address';
  return whyNoPort(peer, name, facts) ?? whyNotDialled(peer, name, owned, facts);
}

function whyNoPort({ nodeId }: MeshPeer, name: string, { ports }: MeshFacts): string | undefined {
  const port = meshListenPort(nodeId);
  const holder = portHolder(port, name, ports);
  return holder && `its listen port ${port} is already used by ${holder}`;
}

/** A tunnel that exists keeps its endpoint, even if the name no longer resolves to a peer. */
function whyNotDialled(
  { nodeId, endpoint }: MeshPeer,
  name: string,
  { tunnels }: Owned,
  { endpoints }: MeshFacts,
): string | undefined {
  const not = endpoint && whyNoEndpoint(endpoint, endpoints);
  const owner = tunnels.get(name);
  if (!not || (not.named && owner?.kind === 'mesh' && owner.nodeId === nodeId)) return undefined;
  return `its endpoint ${not.reason}`;
}

function tunnelOf(
  peer: MeshPeer,
  name: InterfaceName,
  { node, settings }: NodeContext,
  ownPrefixes: readonly Prefix[],
): Tunnel | undefined {
  if (peer.publicKey === undefined || node.linkLocal === undefined) return undefined;
  return {
    owner: { kind: 'mesh', nodeId: peer.nodeId },
    interface: name,
    mtu: peer.mtu,
    listenPort: meshListenPort(peer.nodeId),
    addresses: [{ local: node.linkLocal, prefixLength: 64, peer: undefined }],
    peer: {
      publicKey: peer.publicKey,
      presharedKey: undefined,
      endpoint: peer.endpoint,
      // Link-local and multicast are for Babel, the own prefixes for traffic between our nodes, and DN42's ranges for
      // traffic from a neighbor of one node to a neighbor of another.
      allowedIps: ['fe80::/10', 'ff00::/8', ...ownPrefixes, ...dn42Ranges],
      persistentKeepaliveSeconds: settings.keepaliveSeconds,
    },
  };
}

/** A mesh peer's link-local address on its tunnel, derived from its loopback like ours. */
export function meshPingTarget(
  peer: DesiredMeshPeer,
  snapshot: Snapshot,
  asn: Asn | undefined,
): string | undefined {
  if (!peer.tunnel) return undefined;
  const loopback = snapshot.mesh?.peers.find(({ nodeId }) => nodeId === peer.nodeId)?.loopbackIpv6;
  const linkLocal = deriveLinkLocal(asn, loopback);
  return linkLocal && `${linkLocal}%${peer.interface}`;
}
