import ipaddr from 'ipaddr.js';
import type { IbgpPeer, MeshPeer } from '../../model/control-plane.js';
import type { ObservedAddress, ObservedLink, Surroundings } from '../../model/observed.js';
import { dn42Ranges } from '../../model/values/dn42.js';
import {
  type IpAddress,
  isLinkLocal,
  isLinkLocalText,
  type Prefix,
  parsedIp,
  parsePrefix,
} from '../../model/values/ip.js';
import { isWithin } from '../../model/values/network.js';
import type { NodeIdentity } from '../node.js';

/** Why an address is not a neighbor's. */
export interface NotNeighbor {
  /** What the address is: `the control plane`, `in the network of eth0 (10.99.0.0/24)`. */
  readonly what: string;
  /** What an operator can do if the address is right anyway. */
  readonly hint?: string;
  /**
   * True where the address may have become this later: somebody wrote it into resolv.conf, or started a container network.
   * A session that had the address first keeps it, or such a change would break it.
   */
  readonly movable: boolean;
}

interface Place {
  readonly what: string;
  readonly movable: boolean;
}

/** The addresses that a neighbor must not have, and those that it may. */
export interface NeighborRules {
  readonly addresses: ReadonlyMap<string, Place>;
  readonly networks: readonly (Place & { readonly block: Prefix })[];
  readonly ownBlocks: readonly Prefix[];
  readonly ranges: readonly Prefix[];
}

/** The input of the rules. An unknown list is empty. */
export interface NeighborRulesInput {
  readonly node: NodeIdentity;
  /** Our own address blocks, from the network's policy. */
  readonly ownBlocks?: readonly Prefix[];
  readonly mesh?: readonly MeshPeer[];
  readonly ibgpPeers?: readonly IbgpPeer[];
  readonly surroundings?: Surroundings | undefined;
  /** Interfaces of the machine without the tunnels of the agent. */
  readonly links?: readonly ObservedLink[];
  /** Of the route collector that this node feeds. */
  readonly collector?: IpAddress | undefined;
  /** Addresses of the endpoints' names. */
  readonly resolved?: ReadonlyMap<string, readonly string[]>;
  /** What the operator allows beyond DN42's ranges (`policy.neighborRanges`). */
  readonly allowed?: readonly Prefix[];
}

// Unique local addresses (RFC 4193), of which DN42 announces one half.
const uniqueLocal = 'fc00::/7' as Prefix;

/** Gathers the rules of one pass. For an address with two uses, the one that cannot move counts. */
export function neighborRules(input: NeighborRulesInput): NeighborRules {
  const addresses = new Map<string, Place>();
  for (const [address, place] of [...fixedPlaces(input), ...movablePlaces(input)]) {
    if (address !== undefined && !addresses.has(address)) addresses.set(address, place);
  }
  return {
    addresses,
    networks: networksOf(input.links ?? []),
    ownBlocks: input.ownBlocks ?? [],
    ranges: [...dn42Ranges, uniqueLocal, ...(input.allowed ?? [])],
  };
}

type Named = readonly [address: string | undefined, place: Place];

function fixed(address: string | undefined, what: string): Named {
  return [address, { what, movable: false }];
}

function fixedPlaces({
  node,
  surroundings,
  mesh = [],
  ibgpPeers = [],
  links = [],
}: NeighborRulesInput): Named[] {
  const nodes = [
    ...mesh.map((peer) => ({ ...peer, what: `mesh node ${peer.nodeId}` })),
    ...ibgpPeers.map((peer) => ({ ...peer, what: `iBGP peer ${peer.nodeId}` })),
  ];
  return [
    ...(surroundings?.controlPlane ?? []).map((address) => fixed(address, 'the control plane')),
    ...(surroundings?.proxy ?? []).map((address) => fixed(address, 'the proxy to the control plane')),
    ...(surroundings?.gateways ?? []).map((gateway) =>
      fixed(gateway.address, `the gateway of ${gateway.interface}`),
    ),
    ...[node.loopbackIpv4, node.loopbackIpv6, node.linkLocal].map((own) =>
      fixed(own, "this node's own address"),
    ),
    ...nodes.flatMap(({ loopbackIpv4, loopbackIpv6, nodeName, what }) => {
      const whose = `the loopback of ${what}${nodeName ? ` (${nodeName})` : ''}`;
      return [fixed(loopbackIpv4, whose), fixed(loopbackIpv6, whose)];
    }),
    ...links.flatMap(({ name, addresses }) =>
      addresses
        .filter(({ local }) => !isLinkLocalText(local))
        .map(({ local }) => fixed(local, `an address of this machine (${name})`)),
    ),
  ];
}

function movablePlaces({
  surroundings,
  collector,
  mesh = [],
  resolved = new Map(),
}: NeighborRulesInput): Named[] {
  const endpoints = mesh.flatMap(({ nodeId, endpoint }) => {
    const hosts: readonly string[] = endpoint?.named
      ? (resolved.get(endpoint.host) ?? [])
      : [endpoint?.host ?? ''];
    return hosts.map((host) => [host, `the endpoint of mesh peer ${nodeId}`] as const);
  });
  return [
    ...(surroundings?.resolvers ?? []).map((address) => [address, 'a resolver of this machine'] as const),
    ...(surroundings?.rtrCaches ?? []).map((address) => [address, 'an RPKI cache'] as const),
    ...(collector ? [[collector, 'the route collector'] as const] : []),
    ...endpoints,
  ].map(([address, what]) => [address, { what, movable: true }]);
}

/** The machine's connected networks, without link-local ones, which each link has for itself (RFC 4007). */
function networksOf(links: readonly ObservedLink[]): (Place & { readonly block: Prefix })[] {
  return links.flatMap(({ name, addresses }) =>
    addresses.flatMap((address) => {
      const block = connected(address);
      if (block === undefined) return [];
      const what =
        address.peer !== undefined && isHost(address)
          ? `the other end of ${name}`
          : `in the network of ${name} (${block})`;
      return [{ block, what, movable: true }];
    }),
  );
}

/** A point-to-point address of one host (/32, /128) reaches its peer alone. */
function connected({ local, peer, prefixLength }: ObservedAddress): Prefix | undefined {
  return isLinkLocalText(local) ? undefined : parsePrefix(`${peer ?? local}/${prefixLength}`);
}

function isHost({ local, prefixLength }: ObservedAddress): boolean {
  return prefixLength === (local.includes(':') ? 128 : 32);
}

/**
 * Why the address can be neither a neighbor's nor our end of a link with one; undefined where it can. `inPair`: it is one
 * end of a /31 or /127 of the link, which may be in our own blocks.
 */
export function whyNotNeighbor(
  address: IpAddress,
  rules: NeighborRules,
  inPair: boolean,
): NotNeighbor | undefined {
  const form = badForm(address);
  if (form !== undefined) return { what: form, movable: false };
  const place = rules.addresses.get(address);
  if (place && !place.movable) return place;
  if (isLinkLocal(address)) return undefined;
  const ownBlock = rules.ownBlocks.find((block) => isWithin(address, block));
  if (!(inPair && ownBlock) && !rules.ranges.some((range) => isWithin(address, range)))
    return { what: "not in DN42's ranges", hint: 'allow it with policy.neighborRanges', movable: false };
  const network = rules.networks.find(({ block }) => isWithin(address, block));
  return place ?? network ?? (inPair ? undefined : inOwnBlock(address, ownBlock));
}

function inOwnBlock(address: IpAddress, block: Prefix | undefined): NotNeighbor | undefined {
  if (block === undefined) return undefined;
  const pair = address.includes(':') ? '/127' : '/31';
  return {
    what: `in our own block ${block}`,
    hint: `a neighbor may have one of our addresses only if the session gives the link a ${pair}`,
    movable: true,
  };
}

/** The kind of an address that is never routed or stands for another; undefined for any that may be a host in DN42. */
function badForm(address: IpAddress): string | undefined {
  const parsed = parsedIp(address);
  const range = parsed.range();
  if (parsed instanceof ipaddr.IPv4)
    return range === 'linkLocal' ? 'a link-local IPv4 address (169.254.0.0/16)' : badRanges.get(range);
  // ::/96 was for IPv4-compatible addresses (RFC 4291, section 2.5.5.1).
  const compatible = parsed.parts.slice(0, 6).every((part) => part === 0) && range === 'unicast';
  return compatible ? ipv4InIpv6 : badRanges.get(range);
}

const ipv4InIpv6 = 'an IPv4 address in IPv6 form';

// Names as ipaddr.js has them.
const badRanges: ReadonlyMap<string, string> = new Map([
  ['unspecified', 'the unspecified address'],
  ['loopback', 'a loopback address'],
  ['multicast', 'a multicast address'],
  ['broadcast', 'the broadcast address'],
  ['ipv4Mapped', ipv4InIpv6],
  ['rfc6145', ipv4InIpv6],
  ['rfc6052', ipv4InIpv6],
]);
