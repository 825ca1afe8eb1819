import type { Asn } from '../model/asn.js';
import type { BirdText } from '../model/bird-text.js';
import type { IbgpPeer } from '../model/control-plane.js';
import type { InterfaceName } from '../model/interface-name.js';
import type { Ipv4, Ipv6, Prefix } from '../model/ip.js';
import type { Session } from '../model/session.js';

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
}

export interface RoutingNode {
  readonly name: BirdText;
  readonly asn: Asn;
  /** Distinct among our own nodes (RFC 6286). */
  readonly routerId: Ipv4;
  /** Addresses of the loopback interface: preferred source of our own traffic, and where iBGP is spoken from. */
  readonly loopbackIpv4: Ipv4 | undefined;
  readonly loopbackIpv6: Ipv6 | undefined;
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
}

/** A session and the name of its BIRD protocol; the names of several protocols begin with it. */
export interface RoutedSession {
  readonly session: Session;
  /** `dn42_<asn>`, or a variation of it where two sessions have the same ASN; also the name of the file. */
  readonly protocol: string;
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
};
