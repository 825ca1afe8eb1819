import type { BirdRoute } from '../../lookups/bird-routes.js';
import type { PolicyName } from '../../model/policy-name.js';

/** A session that the best route may go to. */
export interface Target {
  readonly protocol: string;
  readonly asn: number;
  readonly policy: PolicyName;
}

const numbers: Readonly<Record<PolicyName, number>> = { full: 0, peer: 1, upstream: 2, downstream: 3 };
const names = ['a partner (policy full)', 'a peer', 'a customer', 'a provider'];

/**
 * The rule of the export filter (`moenet_ebgp_export_to` in `policy.conf.hbs`) that keeps the best route from a session, in the filter's own
 * order. Call it where BIRD says that the route is not sent.
 */
export function whyNotSent(route: BirdRoute, { protocol, asn, policy }: Target, ourAsn: number): string {
  const has = (...parts: readonly number[]) => route.largeCommunities.includes([ourAsn, ...parts].join(','));
  const from = [1, 0, 2, 3].find((kind) => has(9001, kind));
  if (route.protocol === protocol) return 'it came from this neighbor: BGP does not send it back';
  if (has(9005, 9)) return 'it is a prefix of ours, and policy.ownPrefixes does not name this session';
  if (route.localPreference === undefined) return 'it is no route of a neighbor and none of our own prefixes';
  if (route.kind === 'unreachable') return 'its next hop cannot be reached now';
  if (has(9007, 0)) return 'it is a blackhole, of which only our own nodes hear';
  const isUphill = policy === 'peer' || policy === 'downstream';
  if (isUphill && from !== undefined && from !== 2)
    return `it came from ${names[from]}, and this neighbor is ${names[numbers[policy]]}: to peers and providers go only our own routes and our customers'`;
  if (has(9100, asn)) return `who announced it asks not to announce it to AS${asn} (${ourAsn}, 9100, ${asn})`;
  if (has(9120, numbers[policy]) || has(9120, 9))
    return 'who announced it asks not to announce it to such sessions (large community 9120)';
  if (route.largeCommunities.some((each) => each.startsWith(`${ourAsn},9110,`)))
    return 'who announced it asks not to announce it in a region (large community 9110)';
  return "the export filter refuses it: the prefix is none of DN42's, leads to what this node depends on, or the operator's local_export says so; or a limit is hit";
}
