import type { CommunityTable, IbgpPeer, Loopbacks, NodePlace, RpkiServer } from './control-plane.js';
import type { Disabled } from './disabled.js';
import type { PreservedNode, PreservedSession } from './preserved.js';
import type { Session } from './session.js';
import type { Asn } from './values/asn.js';
import type { BirdText } from './values/bird-text.js';
import type { InterfaceName } from './values/interface-name.js';
import type { IpAddress, Ipv4, Prefix } from './values/ip.js';

/** All that BIRD's configuration is rendered from. Plain data, every value valid; order does not matter. */
export interface Routing {
  /** `full`: the agent owns `bird.conf`. `include`: an operator's `bird.conf` includes `moenet-agent.conf`. */
  readonly mode: 'full' | 'include';
  /** The running BIRD's version ("2.0.12"); undefined where it is not known: then what every version has is used. */
  readonly birdVersion: string | undefined;
  readonly node: RoutingNode;
  readonly policy: RoutingPolicy;
  /** The sessions that have a place in BIRD, with distinct `protocol` names. */
  readonly sessions: readonly RoutedSession[];
  /** The nodes of our own AS that this node speaks iBGP with; this node itself is not among them. */
  readonly ibgpPeers: readonly IbgpPeer[];
  /** The tunnels to our own nodes, over which Babel runs. */
  readonly meshInterfaces: readonly InterfaceName[];
  /** A route collector to feed; undefined: none. */
  readonly collector: RouteCollector | undefined;
  /** Where no neighbor's route may lead, in order. */
  readonly protectedNetworks: readonly ProtectedNetwork[];
  /** True while traffic is led away from this node (RFC 8326). */
  readonly maintenance: boolean;
  /** Mark of a session or a mesh peer → what its BGP protocols have to be as long as they are Established. */
  readonly preserved?: Readonly<Record<string, PreservedSession>>;
  /** What has to stay of the node itself, or all sessions would be reset. */
  readonly preservedNode?: PreservedNode | undefined;
}

/** A collector of routes for statistics: it is sent everything and accepted nothing from. */
export interface RouteCollector {
  readonly asn: Asn;
  readonly address: IpAddress;
}

export interface RoutingNode extends Loopbacks, NodePlace {
  readonly id: number | undefined;
  readonly name: BirdText;
  readonly asn: Asn;
  /** Distinct among our own nodes (RFC 6286). */
  readonly routerId: Ipv4;
  readonly isRouteReflector: boolean;
}

/** The network's policy as far as it is rendered. Where `GET bird-config` is silent, `defaultPolicy` speaks. */
export interface RoutingPolicy {
  /** Our own address blocks: announced to every neighbor, accepted from none. */
  readonly ipv4Prefix: Prefix | undefined;
  readonly ipv6Prefix: Prefix | undefined;
  /** Routes per channel. */
  readonly ebgpImportLimit: number;
  readonly ebgpExportLimit: number;
  readonly ibgpImportLimit: number;
  readonly ibgpExportLimit: number;
  /** ASNs in the longest AS path that is accepted. */
  readonly asPathMaxLength: number;
  /** The caches that ROAs come from (RFC 8210); with none, no route is valid or invalid. */
  readonly rpkiServers: readonly RpkiCache[];
  /** What becomes of routes that no ROA speaks of. Invalid ones are always refused. */
  readonly roaUnknown: 'accept' | 'reject';
  /** ASNs that may be in no path. */
  readonly blockedAsns: readonly Asn[];
  /** Names and values as the control plane sends them: nothing of them is known beforehand. */
  readonly communities: CommunityTable;
  readonly largeCommunities: CommunityTable;
}

/** A session and the name of its BIRD protocol; the names of several protocols begin with it. */
export interface RoutedSession {
  readonly session: Session;
  /** `dn42_<asn>`, or a variation of it where two sessions have the same ASN; also the name of the file. */
  readonly protocol: string;
  /** Index of the latency tier of the link, 0 the fastest; undefined until it was measured. */
  readonly latencyTier: number | undefined;
  /** Absent where no operator has switched it off. */
  readonly disabled?: Disabled | undefined;
}

/** Limits far above what DN42 has (some 3,000 routes, paths below 15), so that they stop leaks and nothing else. */
export const defaultPolicy: RoutingPolicy = {
  ipv4Prefix: undefined,
  ipv6Prefix: undefined,
  ebgpImportLimit: 9_000,
  ebgpExportLimit: 9_000,
  ibgpImportLimit: 20_000,
  ibgpExportLimit: 20_000,
  asPathMaxLength: 20,
  rpkiServers: [],
  roaUnknown: 'accept',
  blockedAsns: [],
  communities: {},
  largeCommunities: {},
};

/** A network that this node depends on: no neighbor's route may lead to it, to a part of it, or to what it is a part of. */
export interface ProtectedNetwork {
  readonly network: Prefix;
  /** What is there, for people: `control plane`, `network of eth0`. */
  readonly what: readonly string[];
  readonly way: Way;
}

/**
 * How this node reaches a network: `own` where the machine or a node of ours has it, by whatever way the operator made;
 * `mesh` where it is a node of ours that Babel leads to; `uplink` where it is somebody else's.
 */
export type Way = 'own' | 'mesh' | 'uplink';

/**
 * An RPKI cache as BIRD is to be told of it. BIRD would look a name up in its main loop: while DNS is dead it stands still for ten
 * seconds and more, again and again, and loses its neighbors.
 */
export interface RpkiCache extends RpkiServer {
  /** Absent where the host is an address itself, or a name that never had one. */
  readonly address?: IpAddress | undefined;
}
