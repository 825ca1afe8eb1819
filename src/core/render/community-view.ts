import type { CommunityTable } from '../model/control-plane.js';
import type { Routing } from '../model/routing.js';
import type { Session } from '../model/session.js';
import {
  bandwidthOf,
  bandwidthsByAmount,
  communityNamed,
  cryptoByStrength,
  latencyTiers,
  linkCrypto,
  type NamedCommunity,
  nameBehind,
  regionsWhere,
} from './communities.js';
import type { View } from './fill.js';

/** A link's tier in `communities.conf.hbs`; the constants exist whatever tiers the table has. */
export function tierConstant(tier: number | undefined): string {
  return tier === undefined ? 'MOENET_TIER_UNKNOWN' : `MOENET_TIER_${Math.min(tier, slowestTier)}`;
}

const slowestTier = 8;

/** A link's encryption in `communities.conf.hbs`: the agent's tunnels are WireGuard, with or without a preshared key. */
export function cryptoConstant({ presharedKey }: Pick<Session, 'presharedKey'>): string {
  return presharedKey ? 'MOENET_LINK_PRESHARED' : 'MOENET_LINK_WIREGUARD';
}

/**
 * The values of `communities.conf.hbs`. A category that the table lacks gives nothing. `latencies`, `bandwidths`
 * and `cryptos` lack the best of their category, which never replaces another.
 */
export function communityView({ node, policy }: Routing): View {
  const { communities, largeCommunities } = policy;
  const tiers = latencyTiers(communities);
  const bandwidths = bandwidthsByAmount(communities);
  const cryptos = cryptoByStrength(communities);
  const linkBandwidth =
    communityNamed(communities, 'bandwidth', nameBehind('dn42_bw_', node.bandwidthCommunity)) ??
    bandwidthOf(communities, node.bandwidth);
  return {
    tiers: linkTiers(tiers),
    latencySet: distinct([...tiers.values()]),
    latencies: distinct([...tiers.values()].reverse()).slice(0, -1),
    linkBandwidth: linkBandwidth?.text,
    bandwidthSet: distinct(bandwidths),
    bandwidths: distinct(bandwidths).slice(0, -1),
    cryptoPlain: linkCrypto(communities)?.plain,
    cryptoPreshared: linkCrypto(communities)?.preshared,
    // For templates that an operator copied before there was `moenet_link_in`.
    linkCrypto: linkCrypto(communities)?.plain,
    cryptoSet: distinct(cryptos),
    cryptos: distinct(cryptos).slice(0, -1),
    ...regionView(communities, node),
    places: [
      communityNamed(largeCommunities, 'origin', nameBehind('lc_origin_', node.continentLc)),
      communityNamed(largeCommunities, 'subregion', nameBehind('lc_region_', node.subregionLc)),
      bandwidthOf(largeCommunities, node.bandwidth),
    ].flatMap((community) => community?.text ?? []),
  };
}

/** What a link of each tier adds to a route: its own community, or the next slower one where the table has gaps. */
function linkTiers(tiers: ReadonlyMap<number, NamedCommunity>): View[] {
  const present = [...tiers];
  const numbers = Array.from({ length: slowestTier + 1 }, (_, tier) => tier);
  return numbers.map((tier) => {
    const [, community] = present.find(([other]) => other >= tier) ?? present.at(-1) ?? [];
    return { constant: tierConstant(tier), number: tier + 1, community: community?.text };
  });
}

/** The name of this node's region in the table: `as_e`. */
export function ownRegion({ node }: Pick<Routing, 'node'>): string | undefined {
  return nameBehind('dn42_region_', node.regionCommunity);
}

function regionView(communities: CommunityTable, node: Routing['node']): View {
  const region = ownRegion({ node });
  const continent = nameBehind('lc_origin_', node.continentLc) ?? region?.split('_')[0];
  const isOnContinent = (name: string) => continent !== undefined && `${name}_`.startsWith(`${continent}_`);
  return {
    region: communityNamed(communities, 'region', region)?.text,
    regionSet: distinct(regionsWhere(communities, () => true)),
    continentSet: distinct(regionsWhere(communities, isOnContinent)),
  };
}

/** Two names may have one value; BIRD's sets may not have it twice. */
function distinct(communities: readonly NamedCommunity[]): string[] {
  return [...new Set(communities.map(({ text }) => text))];
}
