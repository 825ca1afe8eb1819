import { tierBoundsMs } from '../../desired/latency.js';
import { refusedMark } from '../../lookups/refused-reasons.js';
import type { CommunityTable } from '../../model/control-plane.js';
import { wikiCommunities } from '../../model/wiki-communities.js';

/** What communities mean in this network. */
export interface CommunityContext {
  readonly asn: number;
  readonly communities: CommunityTable;
  readonly largeCommunities: CommunityTable;
  /** Node id → name. */
  readonly nodes: ReadonlyMap<number, string>;
}

const wellKnown: Readonly<Record<string, string>> = {
  '65535,0': 'graceful shutdown: this way will soon be gone (RFC 8326)',
  '65535,666': 'blackhole: drop packets to it (RFC 7999)',
  '65535,65281': 'no-export: to no other AS',
  '65535,65282': 'no-advertise: to nobody',
};

const policyNames = ['full', 'peer', 'upstream', 'downstream'];

/** The communities of a route in words; those of which nobody knows a meaning stay numbers. The refusal is not among them. */
export function communityWords(
  route: { readonly communities: readonly string[]; readonly largeCommunities: readonly string[] },
  context: CommunityContext,
): string[] {
  const ofTables = namesIn(context.communities, context.largeCommunities, wikiCommunities);
  const named = (community: string) => {
    const name = wellKnown[community] ?? ofTables.get(community);
    return `(${community.replaceAll(',', ', ')}) ${name ?? 'unknown'}`;
  };
  const large = route.largeCommunities.filter((each) => !each.startsWith(`${context.asn},${refusedMark},`));
  return [
    ...route.communities.map(named),
    ...large.map((each) => {
      const own = ownWords(each, context);
      return own === undefined ? named(each) : `(${each.replaceAll(',', ', ')}) ${own}`;
    }),
  ];
}

/** The first table that has a value names it. */
function namesIn(...tables: readonly CommunityTable[]): ReadonlyMap<string, string> {
  const entries = tables
    .toReversed()
    .flatMap((table) =>
      Object.entries(table).flatMap(([category, names]) =>
        Object.entries(names).map(([name, value]) => [value.join(','), describe(category, name)] as const),
      ),
    );
  return new Map(entries);
}

function describe(category: string, name: string): string {
  const tier = category === 'latency' ? /^tier(\d)$/i.exec(name)?.[1] : undefined;
  if (tier === undefined) return `${category} ${name.toLowerCase()}`;
  const bound = tierBoundsMs[Number(tier)];
  return `latency tier ${tier}: ${bound === undefined ? `over ${tierBoundsMs.at(-1)} ms` : `up to ${bound} ms`} on the slowest link`;
}

/** The agent's own marks (`policy.conf.hbs`), which no neighbor sees or sets. */
function ownWords(community: string, { asn, nodes }: CommunityContext): string | undefined {
  const [global, what, whom = 0] = community.split(',').map(Number);
  if (global !== asn || what === undefined) return undefined;
  const policy = policyNames[whom] ?? `policy ${whom}`;
  switch (what) {
    case 9001:
      return `came in by a session with the policy ${policy}`;
    case 9003:
      return `came in at node ${whom}${nodes.has(whom) ? ` (${nodes.get(whom)})` : ''}`;
    case 9004:
      return 'the session that it goes to, or the node, will soon be gone';
    case 9005:
      return whom === 9 ? 'a prefix of ours' : `goes to sessions with the policy ${policy}`;
    case 9006:
      return `goes to AS${whom}`;
    case 9007:
      return 'a blackhole: all our nodes drop packets to it';
    default:
      return wishWords(what, whom, policy);
  }
}

/** What a customer or a peer asks for (docs/communities.md). */
function wishWords(what: number, whom: number, policy: string): string | undefined {
  const how = what % 10 === 0 ? 'asks: do not announce it to' : `asks: prepend our AS ${what % 10} times to`;
  if (what >= 9100 && what <= 9103) return `${how} AS${whom}`;
  if (what >= 9110 && what <= 9113) return `${how} neighbors in the region ${whom}`;
  if (what >= 9120 && what <= 9123)
    return `${how} ${whom === 9 ? 'all' : `sessions with the policy ${policy}`}`;
  return what === 9130 ? `asks for a lower local preference (${whom})` : undefined;
}
