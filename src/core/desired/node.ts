import ipaddr from 'ipaddr.js';
import type { InterfaceAddress } from '../model/artifacts.js';
import type { BirdConfig, BootstrapConfig, Loopbacks, Snapshot } from '../model/control-plane.js';
import type { Asn } from '../model/values/asn.js';
import { type Ipv4, type Ipv6, type Prefix, parseIpv4 } from '../model/values/ip.js';
import type { Owned } from './owned.js';
import type { NodeSettings } from './settings.js';

/** Who this node is, as far as it is known. */
export interface NodeIdentity extends Loopbacks {
  readonly id: number | undefined;
  readonly name: string;
  readonly asn: Asn | undefined;
  /** Our link-local address, the same on every tunnel. */
  readonly linkLocal: Ipv6 | undefined;
  readonly routerId: Ipv4 | undefined;
  readonly isRouteReflector: boolean;
}

/** What each tunnel and session is judged and made with: who the node is, its settings, and what on it is whose. */
export interface NodeContext {
  readonly node: NodeIdentity;
  readonly settings: NodeSettings;
  readonly owned: Owned;
}

/** Joins what `GET config` and `GET bird-config` say of the node; `GET config` wins. */
export function identifyNode(
  name: string,
  bootstrap: BootstrapConfig,
  birdConfig: BirdConfig | undefined,
): NodeIdentity {
  const id = bootstrap.node.id ?? birdConfig?.node.id;
  const asn = bootstrap.node.asn ?? birdConfig?.policy.asn;
  const loopbackIpv4 = bootstrap.node.loopbackIpv4 ?? birdConfig?.node.loopbackIpv4;
  const loopbackIpv6 = bootstrap.node.loopbackIpv6 ?? birdConfig?.node.loopbackIpv6;
  return {
    id,
    name,
    asn,
    loopbackIpv4,
    loopbackIpv6,
    linkLocal: bootstrap.wireguard.ipv6LinkLocal ?? deriveLinkLocal(asn, loopbackIpv6),
    routerId: loopbackIpv4 ?? routerIdFor(id),
    isRouteReflector: birdConfig?.node.isRouteReflector ?? false,
  };
}

/** The same without the node itself, which the control plane may list among its own peers. */
export function withoutSelf<T extends Pick<Snapshot, 'mesh' | 'birdConfig'>>(
  snapshot: T,
  { id }: Pick<NodeIdentity, 'id'>,
): T {
  const { mesh, birdConfig } = snapshot;
  const others = <P extends { readonly nodeId: number }>(peers: readonly P[]) =>
    peers.filter(({ nodeId }) => nodeId !== id);
  return {
    ...snapshot,
    mesh: mesh && { ...mesh, peers: others(mesh.peers) },
    birdConfig: birdConfig && { ...birdConfig, ibgpPeers: others(birdConfig.ibgpPeers) },
  };
}

/**
 * The link-local address that other nodes expect where the control plane names none: the ASN's last four
 * digits, then the loopback's fourth, fifth and last group.
 * AS4242420998 with fd00:4242:7777:302:1::1 has fe80::998:302:1:1.
 */
export function deriveLinkLocal(asn: Asn | undefined, loopback: Ipv6 | undefined): Ipv6 | undefined {
  if (asn === undefined || loopback === undefined) return undefined;
  const groups = ipaddr.IPv6.parse(loopback).parts.map((part) => part.toString(16));
  const text = `fe80::${asn % 10_000}:${groups[3]}:${groups[4]}:${groups[7]}`;
  return ipaddr.IPv6.parse(text).toRFC5952String() as Ipv6;
}

/** BGP needs a 32-bit identifier, unique in the network (RFC 6286), also on a node without an IPv4 address. */
function routerIdFor(nodeId: number | undefined): Ipv4 | undefined {
  if (nodeId === undefined || nodeId < 1) return undefined;
  return parseIpv4([24, 16, 8, 0].map((shift) => (nodeId >>> shift) & 255).join('.'));
}

/** The addresses that stand on the loopback interface. */
export function loopbackAddresses(node: NodeIdentity): InterfaceAddress[] {
  const addresses: InterfaceAddress[] = [];
  if (node.loopbackIpv4) addresses.push({ local: node.loopbackIpv4, prefixLength: 32, peer: undefined });
  if (node.loopbackIpv6) addresses.push({ local: node.loopbackIpv6, prefixLength: 128, peer: undefined });
  return addresses;
}

/** The address blocks of our own network, as far as the policy names them. */
export function ownBlocks(birdConfig: BirdConfig | undefined): Prefix[] {
  const { ipv4Prefix, ipv6Prefix } = birdConfig?.policy ?? {};
  return [ipv4Prefix, ipv6Prefix].flatMap((prefix) => prefix ?? []);
}

/** Why BIRD cannot be configured, in words; empty where it can. */
export function nodeProblems({ asn, routerId }: NodeIdentity): string[] {
  if (asn === undefined)
    return [
      "the agent does not configure BIRD: neither config (node.asn) nor bird-config (policy.dn42As) gives this node's ASN",
    ];
  if (routerId === undefined)
    return [
      'the agent does not configure BIRD: this node has neither a loopback IPv4 address nor a node id, so it has no router id',
    ];
  return [];
}
