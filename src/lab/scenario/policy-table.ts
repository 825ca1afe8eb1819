import type { Policy } from './announcements.js';
import { ownPrefixes } from './numbers.js';
import type { PeerSpec } from './peer-spec.js';
import type { Scenario } from './scenario.js';

/** From whom the routes are that a session of this policy is sent, besides our own. */
const sends: Readonly<Record<Policy, readonly Policy[]>> = {
  full: ['full', 'peer', 'upstream', 'downstream'],
  upstream: ['full', 'peer', 'upstream', 'downstream'],
  // A peer or a provider is sent our customers' routes: we are the upstream of those.
  peer: ['upstream'],
  downstream: ['upstream'],
};

/**
 * True where a route learned over a session of policy `from` goes out over one of policy `to`. It is the table of docs/interface.md
 * once more, written for the lab, so that the agent is not measured with its own rule.
 */
export function mayGo(from: Policy, to: Policy): boolean {
  return sends[to].includes(from);
}

/** The prefixes that a peer must be sent, sorted: our own, and those of other peers that its policy lets out. */
export function expectedAt(scenario: Scenario, peer: PeerSpec): string[] {
  const others = scenario.peers.filter((other) => other.asn !== peer.asn && mayGo(other.policy, peer.policy));
  return [...new Set([...ownPrefixes, ...others.flatMap(acceptedPrefixes)])].sort();
}

/** What a node must accept of a peer. */
export function acceptedPrefixes({ announces }: PeerSpec): string[] {
  return announces.filter(({ refused }) => refused === undefined).flatMap(({ prefixes }) => prefixes);
}
