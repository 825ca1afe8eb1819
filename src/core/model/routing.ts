import type { BgpOptions } from './bgp-options.js';
import type { CommunityTable, IbgpPeer, Loopbacks, NodePlace, RpkiServer } from './control-plane.js';
import type { Disabled } from './disabled.js';
import type { LocalConfig } from './local-config.js';
import type { PolicyName } from './policy-name.js';
import type { PreservedNode, PreservedSession } from './preserved.js';
import type { RoaFallback } from './saved-roas.js';
import type { Session } from './session.js';
import type { Asn } from './values/asn.js';
import type { BirdText } from './values/bird-text.js';
import type { InterfaceName } from './values/interface-name.js';
import type { IpAddress, Ipv4, Prefix } from './values/ip.js';

/** The input of BIRD's configuration. Plain data, every value valid; order does not matter. */
export interface Routing {
  /** `full`: the agent owns `bird.conf`. `include`: an operator's `bird.conf` includes `moenet-agent.conf`. */
  readonly mode: 'full' | 'include';
  /** The running BIRD's version ("2.0.12"); undefined where it is unknown: then only features of every version are used. */
  readonly birdVersion: string | undefined;
  readonly node: RoutingNode;
  readonly policy: RoutingPolicy;
  /** The sessions in BIRD, with distinct `protocol` names. */
  readonly sessions: readonly RoutedSession[];
  /** The iBGP peers, without this node itself. */
  readonly ibgpPeers: readonly IbgpPeer[];
  /** The tunnels to our own nodes, over which Babel runs. */
  readonly meshInterfaces: readonly InterfaceName[];
  /** A route collector to feed; undefined: none. */
  readonly collector: RouteCollector | undefined;
  /** Networks to which no neighbor's route may lead, in order. */
  readonly protectedNetworks: readonly ProtectedNetwork[];
  /** ROAs from before, for the time when no RPKI cache answers; absent where there are none. */
  readonly roaFallback?: RoaFallback | undefined;
  /** True while the node leads traffic away from itself (RFC 8326). */
  readonly maintenance: boolean;
  /** The kernel's table for all routes; absent: the main one. */
  readonly kernelTable?: number | undefined;
  /** What the operator added; absent where nothing is. */
  readonly local?: LocalConfig | undefined;
  /** Mark of a session or a mesh peer → the options of its BGP protocols to preserve while they are Established. */
  readonly preserved?: Readonly<Record<string, PreservedSession>>;
  /** What must stay of the node itself, or all sessions are reset. */
  readonly preservedNode?: PreservedNode | undefined;
}

/** A collector of routes for statistics: BIRD sends it everything and accepts nothing from it. */
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

/** The part of the network's policy that is rendered. `defaultPolicy` fills in what `GET bird-config` lacks. */
export interface RoutingPolicy {
  /** Our own address blocks: announced to every neighbor, accepted from none. */
  readonly ipv4Prefix: Prefix | undefined;
  readonly ipv6Prefix: Prefix | undefined;
  /** More prefixes of ours, by the operator's file. */
  readonly ownPrefixes: readonly OwnPrefix[];
  /** What becomes of the blocks' announcement; `drain`: with graceful shutdown (RFC 8326). */
  readonly ownBlocks: 'announce' | 'drain' | 'withdraw';
  /** Routes per channel. */
  readonly ebgpImportLimit: number;
  readonly ebgpExportLimit: number;
  readonly ibgpImportLimit: number;
  readonly ibgpExportLimit: number;
  /** ASNs in the longest AS path that is accepted. */
  readonly asPathMaxLength: number;
  /** The caches that ROAs come from (RFC 8210); with none, no route is valid or invalid. */
  readonly rpkiServers: readonly RpkiCache[];
  /** What BIRD does with routes without a ROA. It always refuses invalid ones. */
  readonly roaUnknown: 'accept' | 'reject';
  /** ASNs that may be in no path. */
  readonly blockedAsns: readonly Asn[];
  /** What the operator knows of single customers (`upstream` sessions). */
  readonly customers: readonly Customer[];
  /** Names and values as the control plane sends them; the agent expects no particular ones. */
  readonly communities: CommunityTable;
  readonly largeCommunities: CommunityTable;
}

/** A prefix of ours besides the network's blocks; nothing inside it is accepted from outside. */
export interface OwnPrefix {
  readonly prefix: Prefix;
  /** The next hop or interface that it is behind; undefined: the node itself, with whatever more specific routes it has. */
  readonly via?: IpAddress | InterfaceName | undefined;
  /** Sessions of these policies, and these ASNs, are sent it. */
  readonly announceTo: readonly (PolicyName | Asn)[];
  /** False where other nodes of ours have it. */
  readonly originate: boolean;
}

/** An AS that we are the upstream of. */
interface Customer {
  readonly asn: Asn;
  /** All ASNs that may be behind it (its AS-set); undefined: whoever a ROA names as origin. */
  readonly asns?: readonly Asn[] | undefined;
  /** Where it may ask for blackholes, although its ROAs are for shorter prefixes only. */
  readonly prefixes?: readonly Prefix[] | undefined;
}

/** A session and the name of its BIRD protocol; the names of several protocols begin with it. */
export interface RoutedSession {
  readonly session: Session;
  /** `dn42_<asn>`, or a longer name where two sessions have the same ASN; also the name of the file. */
  readonly protocol: string;
  /** Index of the latency tier of the link, 0 the fastest; undefined until measured. */
  readonly latencyTier: number | undefined;
  /** Absent where no operator has disabled it. */
  readonly disabled?: Disabled | undefined;
  /** The options of its BGP; `ebgpOptions` where it has none of its own. */
  readonly options?: BgpOptions | undefined;
}

/** Limits far above what DN42 has (some 3,000 routes, paths below 15), so that they stop only leaks. */
export const defaultPolicy: RoutingPolicy = {
  ipv4Prefix: undefined,
  ipv6Prefix: undefined,
  ownPrefixes: [],
  ownBlocks: 'announce',
  ebgpImportLimit: 9_000,
  ebgpExportLimit: 9_000,
  ibgpImportLimit: 20_000,
  ibgpExportLimit: 20_000,
  asPathMaxLength: 20,
  rpkiServers: [],
  roaUnknown: 'accept',
  blockedAsns: [],
  customers: [],
  communities: {},
  largeCommunities: {},
};

/** A network that this node depends on: no neighbor's route may lead to it, to a part of it, or to a network around it. */
export interface ProtectedNetwork {
  readonly network: Prefix;
  /** What is there, for people: `control plane`, `network of eth0`. */
  readonly what: readonly string[];
  readonly way: Way;
}

/**
 * How this node reaches a network: `own` where the machine or a node of ours has it, over a path that the operator made;
 * `mesh` where Babel has the route to a node of ours; `uplink` where it is somebody else's.
 */
export type Way = 'own' | 'mesh' | 'uplink';

/**
 * An RPKI cache for BIRD's files, by address. BIRD resolves a name in its main loop: while DNS does not answer, BIRD stops
 * for ten seconds and more, again and again, and loses its neighbors.
 */
export interface RpkiCache extends RpkiServer {
  /** Absent where the host is an address itself, or a name that never resolved. */
  readonly address?: IpAddress | undefined;
}
