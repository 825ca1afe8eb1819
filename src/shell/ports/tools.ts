import type { DnsQuestion } from '../../core/lookups/dns-question.js';
import type { HostTarget, RouteTarget, TcpTarget } from '../../core/lookups/target.js';
import type { IpAddress, Prefix } from '../../core/model/values/ip.js';

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
