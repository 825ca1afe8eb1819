import type { DnsQuestion } from '../../core/lookups/dns-question.js';
import type { HostTarget, RouteTarget, TcpTarget } from '../../core/lookups/target.js';
import type { IpAddress, Prefix } from '../../core/model/values/ip.js';

/**
 * The operators' network tools on this node. Each resolves to plain text, also without an answer; throws `TargetError` for
 * forbidden targets, and where the tool cannot run.
 */
export interface Tools {
  ping(target: HostTarget, signal: AbortSignal): Promise<string>;
  tcping(target: TcpTarget, signal: AbortSignal): Promise<string>;
  trace(target: HostTarget, signal: AbortSignal): Promise<string>;
  dig(question: DnsQuestion, signal: AbortSignal): Promise<string>;
  /** The address or prefix to look up; words where the name has no address. */
  locate(target: RouteTarget, signal: AbortSignal): Promise<IpAddress | Prefix | { readonly words: string }>;
}
