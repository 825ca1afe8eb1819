import { reasonOf } from '../checks/refusal-community.js';
import type { BirdRoute } from '../hosts/bird-routes.js';
import { showRefusedRoutes, showRoutes } from '../hosts/show-routes.js';
import { type Lab, nodeOf, peerHost } from '../running-lab.js';
import type { Policy } from '../scenario/announcements.js';
import { asn, ownPrefixes } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { acceptedPrefixes } from '../scenario/policy-table.js';

/** How a peer was treated, as both sides say. */
export interface Treatment {
  readonly peer: string;
  readonly node: string;
  readonly policy: Policy;
  /** What it announced, and what became of it: `accepted`, `refused: <why>`, or `not seen`. */
  readonly announced: readonly {
    readonly what: string;
    readonly prefixes: readonly string[];
    readonly became: string;
  }[];
  /** What it was sent, by where we had it from: number of prefixes. */
  readonly sent: Readonly<Record<string, number>>;
}

/** The treatment of each peer. What does not answer is seen as empty. */
export function treatments(lab: Lab): Promise<Treatment[]> {
  return Promise.all(lab.scenario.peers.map((peer) => treatmentOf(lab, peer)));
}

async function treatmentOf(lab: Lab, peer: PeerSpec): Promise<Treatment> {
  const node = nodeOf(lab, peer);
  const [used, refused, there] = await Promise.all([
    showRoutes(node).catch(() => []),
    showRefusedRoutes(node).catch(() => []),
    peerHost(lab, peer)
      .bgp.routes()
      .catch(() => []),
  ]);
  return {
    peer: `AS${peer.asn}`,
    node: peer.node.name,
    policy: peer.policy,
    announced: peer.announces.map(({ what, prefixes }) => ({
      what,
      prefixes,
      became: joined(prefixes.map((prefix) => became(peer, prefix, used, refused))),
    })),
    sent: countBy(there.filter(({ asPath }) => asPath[0] === asn).map(({ prefix }) => sourceOf(lab, prefix))),
  };
}

function became(
  peer: PeerSpec,
  prefix: string,
  used: readonly BirdRoute[],
  refused: readonly BirdRoute[],
): string {
  const isIt = (route: BirdRoute) => route.prefix === prefix && route.asPath[0] === peer.asn;
  if (used.some(isIt)) return 'accepted';
  const kept = refused.find(isIt);
  return kept ? `refused: ${reasonOf(kept.communities)}` : 'not seen';
}

/** `ours`, or the policy of the session that it was accepted from. */
function sourceOf(lab: Lab, prefix: string): string {
  if (ownPrefixes.some((own) => own === prefix)) return 'ours';
  return lab.scenario.peers.find((peer) => acceptedPrefixes(peer).includes(prefix))?.policy ?? 'unknown';
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** IPv4 and IPv6 fare alike, or both are named. */
function joined(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}
