/** The second number of the large community that says why the import filter refused a route (`policy.conf.hbs`). */
export const refusedMark = 9002;

/** Why the import filter refused a route, and what the neighbor can do; absent where there is nothing to do. */
interface RefusedReason {
  /** Its name in metrics and in JSON. */
  readonly name: string;
  readonly words: string;
  readonly advice?: string;
}

const registry = 'the DN42 registry';

/** By their numbers in `policy.conf.hbs`. */
const reasons: Readonly<Record<number, RefusedReason>> = {
  1: {
    name: 'not_dn42',
    words: 'the prefix is none that DN42 allows to be announced',
    advice:
      'announce to this session only prefixes of DN42, of the lengths that https://dn42.dev/howto/Bird2 has',
  },
  2: {
    name: 'own_prefix',
    words: 'the prefix is in our own blocks',
    advice: 'do not announce our own prefixes to us',
  },
  3: { name: 'own_as', words: 'our own AS is in the path: the route went out from us' },
  4: {
    name: 'path_length',
    words: 'the AS path is longer than the policy allows',
    advice: 'look for a loop, or prepend less',
  },
  5: {
    name: 'not_originated',
    words: 'the neighbor does not originate it, and the policy of the session takes nothing else',
    advice:
      'announce to a peer only your own routes and your customers; or ask for another policy of the session',
  },
  6: {
    name: 'first_as',
    words: "the AS path does not begin with the neighbor's AS",
    advice: 'put your own AS first into the path: a route server must not be transparent here',
  },
  7: { name: 'blocked_as', words: "an AS that this network's operator blocks is in the path" },
  8: {
    name: 'roa_invalid',
    words: 'RPKI: the ROAs forbid this origin, or this length of prefix',
    advice: `correct the route or route6 object (origin, max-length) in ${registry}, or the announcement`,
  },
  9: {
    name: 'roa_unknown',
    words: 'RPKI: no ROA names the prefix, and this node takes no such routes',
    advice: `add a route or route6 object to ${registry}`,
  },
  10: {
    name: 'via_provider',
    words: 'a provider of ours is in the path of a customer: that would be a leak',
    advice: "do not announce your providers' routes to us",
  },
  11: {
    name: 'blackhole',
    words: 'the blackhole is not for a single address that the neighbor may announce',
    advice: 'ask for blackholes of single addresses of your own',
  },
};

/** The reason with a number; undefined: the route has no such mark. Numbers from 12 on are the operator's. */
export function refusedReason(number: number | undefined): RefusedReason {
  if (number === undefined)
    return {
      name: otherReason,
      words: "refused before the agent's filter gave a reason: an operator's filter, a limit or BIRD itself",
    };
  return (
    reasons[number] ?? {
      name: otherReason,
      words: `the operator's own filter refused it with the reason ${number}`,
    }
  );
}

/** The name of all reasons that are not the agent's own. */
const otherReason = 'other';

/** Routes that were refused for one reason, by its name. */
export interface RefusedCount {
  readonly reason: string;
  readonly count: number;
}

/** Every reason with its count; `counts` by their numbers, and what is left of `total` has another reason. */
export function refusedCounts(counts: ReadonlyMap<number, number>, total: number): readonly RefusedCount[] {
  const ours = Object.entries(reasons).map(([number, { name }]) => ({
    reason: name,
    count: counts.get(Number(number)) ?? 0,
  }));
  const known = ours.reduce((sum, { count }) => sum + count, 0);
  return [...ours, { reason: otherReason, count: Math.max(0, total - known) }];
}

/** The reasons that the agent's own filter gives. */
export const refusedNumbers = Object.keys(reasons).map(Number);

/** Why the filter refused the route that has these large communities; undefined where none says so. */
export function refusedNumber(asn: number, largeCommunities: readonly string[]): number | undefined {
  const prefix = `${asn},${refusedMark},`;
  const mark = largeCommunities.find((community) => community.startsWith(prefix));
  return mark === undefined ? undefined : Number(mark.slice(prefix.length));
}
