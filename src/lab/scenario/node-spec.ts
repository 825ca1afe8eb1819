import { asn } from './numbers.js';

/** Where in the world a node stands, in the words of the policy's tables of communities. */
interface Region {
  /** As `GET config` calls it. */
  readonly name: string;
  /** The third value of the sub-region's large community, and part of the addresses. */
  readonly code: number;
  readonly continentLc: string;
  readonly subregionLc: string;
  readonly community: string;
}

/** A router node of our own AS. */
export interface NodeSpec {
  readonly id: number;
  readonly name: string;
  readonly region: Region;
  /** `1G`: what its own routes are tagged with. */
  readonly bandwidth: string;
  readonly isRouteReflector: boolean;
  /** Its address on "the internet". */
  readonly address: string;
  readonly loopbackIpv4: string;
  readonly loopbackIpv6: string;
  readonly linkLocal: string;
}

type Place = readonly [node: string, region: Region, bandwidth: string];

const places: readonly Place[] = [
  ['jp1', region('ap-northeast', 101, { continent: 'AS', subregion: 'AS_E', community: 'AS_E' }), '1G'],
  ['de1', region('eu-central', 302, { continent: 'EU', subregion: 'EU_C', community: 'EU' }), '10G'],
  ['us1', region('na-east', 201, { continent: 'NA', subregion: 'NA_E', community: 'NA_E' }), '100M'],
  ['hk1', region('ap-east', 101, { continent: 'AS', subregion: 'AS_E', community: 'AS_E' }), '1G'],
  ['sg1', region('ap-southeast', 102, { continent: 'AS', subregion: 'AS_SE', community: 'AS_SE' }), '1G'],
  ['nl1', region('eu-west', 301, { continent: 'EU', subregion: 'EU_W', community: 'EU' }), '10G'],
  ['us2', region('na-west', 203, { continent: 'NA', subregion: 'NA_W', community: 'NA_W' }), '1G'],
  ['au1', region('oceania', 401, { continent: 'OC', subregion: 'OC', community: 'OC' }), '100M'],
];

export const mostNodes = places.length;

/** The first `count` nodes. The second is the route reflector of the others. */
export function makeNodes(count: number): NodeSpec[] {
  return places.slice(0, count).map((place, index) => makeNode(place, index + 1));
}

function makeNode([name, region, bandwidth]: Place, id: number): NodeSpec {
  return {
    id,
    name,
    region,
    bandwidth,
    isRouteReflector: id === 2,
    address: `198.51.100.${10 + id}`,
    loopbackIpv4: `172.22.188.${id}`,
    loopbackIpv6: `fd00:4242:7777:${region.code}:${id}::1`,
    linkLocal: `fe80::${asn % 10_000}:${region.code}:${id}:1`,
  };
}

function region(
  name: string,
  code: number,
  { continent, subregion, community }: Record<'continent' | 'subregion' | 'community', string>,
): Region {
  return {
    name,
    code,
    continentLc: `LC_ORIGIN_${continent}`,
    subregionLc: `LC_REGION_${subregion}`,
    community: `DN42_REGION_${community}`,
  };
}

const meshNames = 'dn42-wg-igp-';

/** The interface of the mesh tunnel to a node, as all other nodes call it. */
export function meshInterface({ id }: Pick<NodeSpec, 'id'>): string {
  return `${meshNames}${id}`;
}

/** True for the name of an interface of the mesh. */
export function isOfMesh(name: string | undefined): boolean {
  return name?.startsWith(meshNames) ?? false;
}

/** The nodes that a node speaks iBGP with: the route reflector with all, all others with it alone (RFC 4456). */
export function ibgpPeersOf(nodes: readonly NodeSpec[], node: NodeSpec): NodeSpec[] {
  return nodes.filter(
    ({ id, isRouteReflector }) => id !== node.id && (node.isRouteReflector || isRouteReflector),
  );
}
