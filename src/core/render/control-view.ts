import type { Routing } from '../model/routing.js';
import { communityNamed, nameBehind } from './communities.js';
import type { View } from './fill.js';

/** The values of `policy.conf.hbs` for what customers and peers ask for; of several wishes the strongest counts. */
export function controlView({ policy, node }: Routing): View {
  const name = nameBehind('dn42_region_', node.regionCommunity);
  const region = communityNamed(policy.communities, 'region', name);
  return {
    controls: wishes.map((wish) => ({ ...wish, region: lastNumber(region?.text) })),
    blackholes: distinct(policy.customers.map(({ asn }) => asn)).map((asn) => {
      const prefixes = policy.customers.flatMap((each) => (each.asn === asn ? (each.prefixes ?? []) : []));
      return {
        asn,
        ipv4: distinct(prefixes.filter((prefix) => !prefix.includes(':'))),
        ipv6: distinct(prefixes.filter((prefix) => prefix.includes(':'))),
      };
    }),
  };
}

const prepend = 'bgp_path.prepend(MOENET_AS)';
const wishes = [
  { how: 0, steps: ['reject'] },
  { how: 3, steps: [prepend, prepend, prepend] },
  { how: 2, steps: [prepend, prepend] },
  { how: 1, steps: [prepend] },
];

/** `50` of `(64511, 50)`: the number by which all of DN42 knows a region. */
function lastNumber(community: string | undefined): string | undefined {
  return community?.match(/(\d+)\)$/)?.[1];
}

function distinct<T extends number | string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
}
