import type { BgpProtocol } from './bird-protocols.js';
import type { BirdRoute } from './bird-routes.js';

// Only what is read here; FRR 8.4 and 10.3 agree in it.
interface Neighbor {
  readonly remoteAs: number;
  readonly bgpState: string;
  readonly bgpTimerUpString?: string;
  readonly addressFamilyInfo?: Readonly<
    Record<string, { acceptedPrefixCounter?: number; sentPrefixCounter?: number }>
  >;
}

interface Route {
  readonly prefix: string;
  readonly paths: readonly {
    readonly aspath?: { readonly segments: readonly { readonly list: readonly number[] }[] };
    readonly bestpath?: { readonly overall?: boolean };
    readonly community?: { readonly list: readonly string[] };
    readonly largeCommunity?: { readonly list: readonly string[] };
    readonly originatorId?: string;
    readonly peer?: { readonly peerId: string };
  }[];
}

/** The sessions in the answer to `show bgp neighbors json`. */
export function parseFrrNeighbors(answer: string): BgpProtocol[] {
  const neighbors: Readonly<Record<string, Neighbor>> = JSON.parse(answer);
  return Object.entries(neighbors).map(([address, neighbor]) => {
    const families = Object.values(neighbor.addressFamilyInfo ?? {});
    const sum = (counter: 'acceptedPrefixCounter' | 'sentPrefixCounter') =>
      families.reduce((total, family) => total + (family[counter] ?? 0), 0);
    return {
      name: address,
      neighborAsn: neighbor.remoteAs,
      neighborAddress: address,
      state: neighbor.bgpState,
      since: neighbor.bgpTimerUpString ?? '',
      imported: sum('acceptedPrefixCounter'),
      exported: sum('sentPrefixCounter'),
    };
  });
}

/** The prefixes in the answer to `show bgp ipv4 unicast json`, which has no communities. */
export function parseFrrPrefixes(answer: string): string[] {
  const { routes }: { routes?: Readonly<Record<string, unknown>> } = JSON.parse(answer);
  return Object.keys(routes ?? {});
}

/** The routes in the answer to `show bgp ipv4 unicast PREFIX json`. */
export function parseFrrRoute(answer: string): BirdRoute[] {
  const { prefix, paths = [] }: Partial<Route> = JSON.parse(answer);
  if (prefix === undefined) return [];
  return paths.map(({ aspath, bestpath, community, largeCommunity, originatorId, peer }) => ({
    prefix,
    protocol: peer?.peerId ?? '',
    best: bestpath?.overall === true,
    asPath: (aspath?.segments ?? []).flatMap(({ list }) => list),
    communities: [...(community?.list ?? []), ...(largeCommunity?.list ?? [])].map(valuesOf),
    originatorId,
  }));
}

/** `64511:50` → `64511,50`. FRR calls those of RFC 8326 and its like by their names. */
function valuesOf(community: string): string {
  return community === 'gracefulShutdown' ? '65535,0' : community.replaceAll(':', ',');
}
