import type { CommunityQuestion } from '../../core/lookups/community-counts.js';
import type { DnsQuestion } from '../../core/lookups/dns-question.js';
import type { HostTarget, RouteTarget, TcpTarget } from '../../core/lookups/target.js';
import type { InterfaceName } from '../../core/model/values/interface-name.js';
import type { IpAddress, Prefix } from '../../core/model/values/ip.js';
import type { WireGuardKey } from '../../core/model/values/wireguard-key.js';

/** Look-ups in BIRD's main tables, over a session that can change nothing. Each throws where BIRD does not answer. */
export interface RouteTables {
  /** BIRD's own lines on the routes that an address or prefix has; empty where there is none. */
  routes(to: IpAddress | Prefix, signal?: AbortSignal): Promise<readonly string[]>;
  /** How many routes there are, and how many of them have each of the communities, in the order of the questions. */
  count(
    questions: readonly CommunityQuestion[],
    signal?: AbortSignal,
  ): Promise<{ readonly total: number; readonly counts: readonly number[] }>;
}

/** What starts a peer over. Both throw with the program's own words. */
export interface PeerControl {
  /** `restart NAME` in BIRD. */
  restartProtocol(name: string, signal?: AbortSignal): Promise<void>;
  /** Takes the peer off the interface, and with it its handshake and its counters. */
  dropPeer(name: InterfaceName, publicKey: WireGuardKey, signal?: AbortSignal): Promise<void>;
}

/**
 * What operators look at the network with, from this node. Each resolves to plain text, also where nothing answers; throws
 * `TargetError` for what must not be looked at, and where the tool itself cannot be run.
 */
export interface Tools {
  ping(target: HostTarget, signal: AbortSignal): Promise<string>;
  tcping(target: TcpTarget, signal: AbortSignal): Promise<string>;
  trace(target: HostTarget, signal: AbortSignal): Promise<string>;
  dig(question: DnsQuestion, signal: AbortSignal): Promise<string>;
  /** Where a route is to be looked for; words where the name has no address. */
  locate(target: RouteTarget, signal: AbortSignal): Promise<IpAddress | Prefix | { readonly words: string }>;
}
