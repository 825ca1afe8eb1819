import { ibgpPeersOf, type NodeSpec } from '../scenario/node-spec.js';
import { asn, ownPrefixes } from '../scenario/numbers.js';
import type { Scenario } from '../scenario/scenario.js';
import { communityTables, largeCommunityTables } from './community-tables.js';

/** `first` is what the control plane says at the start; `second` differs in whatever a policy can be changed in. */
export type PolicyRevision = 'first' | 'second';

/** What somebody has put wrongly into the policy of one node. */
export interface PolicySlip {
  readonly dn42Ipv4Prefix: string;
}

const revisions = {
  first: { importLimit: 9000, exportLimit: 9000, asPathMaxLen: 10, cacheName: 'lab' },
  second: { importLimit: 8000, exportLimit: 7000, asPathMaxLen: 12, cacheName: 'lab-2' },
} as const;

export type BirdConfigDocument = ReturnType<typeof birdConfigDocument>;

/** `GET bird-config`, as it was promised. */
export function birdConfigDocument(
  scenario: Scenario,
  node: NodeSpec,
  revision: PolicyRevision,
  slip?: PolicySlip,
) {
  const { address, rpkiPort } = scenario.controlPlane;
  const { importLimit, exportLimit, asPathMaxLen, cacheName } = revisions[revision];
  const [dn42Ipv4Prefix, dn42Ipv6Prefix] = ownPrefixes;
  return {
    configHash: ['lab', scenario.nodes.length, revision, slip?.dn42Ipv4Prefix ?? ''].join('-'),
    node: nodeDocument(node, revision),
    policy: {
      dn42As: String(asn),
      dn42Ipv4Prefix,
      dn42Ipv6Prefix,
      rpkiServers: [{ name: cacheName, host: address, port: rpkiPort }],
      ebgpImportLimit: importLimit,
      ebgpExportLimit: exportLimit,
      ibgpImportLimit: 2 * importLimit,
      ibgpExportLimit: 3 * exportLimit,
      asPathMaxLen,
      communities: communityTables(),
      largeCommunities: largeCommunityTables(asn),
      ...slip,
    },
    ibgpPeers: ibgpPeersOf(scenario.nodes, node).map(otherNodeDocument),
  };
}

/** What a node's own routes are tagged with: in the second revision each node has another line. */
export function bandwidthOf({ bandwidth }: NodeSpec, revision: PolicyRevision): string {
  if (revision === 'first') return bandwidth;
  return bandwidth === '10G' ? '1G' : '10G';
}

function nodeDocument(node: NodeSpec, revision: PolicyRevision) {
  const { id, name, region, loopbackIpv4, loopbackIpv6 } = node;
  const bandwidth = bandwidthOf(node, revision);
  return {
    id,
    name,
    type: nodeType(node),
    bandwidth,
    regionCode: region.code,
    loopbackIpv4,
    loopbackIpv6,
    continentLc: region.continentLc,
    subregionLc: region.subregionLc,
    regionCommunity: region.community,
    bandwidthCommunity: `DN42_BW_${bandwidth}_PLUS`,
  };
}

/** A node as the others are told of it. */
export function otherNodeDocument(node: NodeSpec) {
  const { id, name, region, loopbackIpv4, loopbackIpv6, isRouteReflector } = node;
  return {
    nodeId: id,
    nodeName: name,
    nodeType: nodeType(node),
    regionCode: region.code,
    loopbackIpv4,
    loopbackIpv6,
    isRr: isRouteReflector,
  };
}

/** The word for what a node is among the others in iBGP. */
function nodeType({ isRouteReflector }: NodeSpec): string {
  return isRouteReflector ? 'rr' : 'client';
}
