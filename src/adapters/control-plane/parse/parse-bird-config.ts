import { z } from 'zod';
import type { BirdConfig, IbgpPeer } from '../../../core/model/control-plane.js';
import { asn } from '../../../core/model/values/asn.js';
import { integer } from '../../../core/model/values/integer.js';
import { ipv4, ipv6, prefix } from '../../../core/model/values/ip.js';
import { fieldsOf, listOf, present, type ReadField, rawOf } from './fields.js';
import { largeCommunity, parseCommunities, standardCommunity } from './parse-communities.js';
import { parseRpkiServers } from './parse-rpki-servers.js';
import { isRouteReflector, nodeId, nodeNameOf, regionCode, symbol, text } from './schemas.js';

/**
 * `GET bird-config`. What is not understood is left out, with its reason in `refused`. Throws `WrongShapeError` where
 * there is no policy, or the iBGP peers are no list: nothing may be concluded from that.
 */
export function parseBirdConfig(answer: unknown): BirdConfig {
  const body = rawOf(answer, 'the answer');
  const policy = rawOf(body['policy'], 'policy');
  const peers = listOf(present(body['ibgpPeers']) ?? [], 'ibgpPeers');
  const refused: string[] = [];
  return {
    configHash: fieldsOf(body, '', refused)('configHash', text),
    node: parseNode(fieldsOf(body['node'], 'node', refused)),
    policy: parsePolicy(policy, refused),
    ibgpPeers: peers.flatMap((peer, index) => parseIbgpPeer(peer, `ibgpPeers.${index}`, refused)),
    refused: summary(refused),
  };
}

function parseNode(node: ReadField): BirdConfig['node'] {
  return {
    id: node('id', nodeId),
    name: node('name', text),
    isRouteReflector: isRouteReflector(node, 'type'),
    bandwidth: node('bandwidth', bandwidth),
    regionCode: node('regionCode', regionCode),
    loopbackIpv4: node('loopbackIpv4', ipv4),
    loopbackIpv6: node('loopbackIpv6', ipv6),
    continentLc: node('continentLc', symbol),
    subregionLc: node('subregionLc', symbol),
    regionCommunity: node('regionCommunity', symbol),
    bandwidthCommunity: node('bandwidthCommunity', symbol),
  };
}

function parsePolicy(source: Readonly<Record<string, unknown>>, refused: string[]): BirdConfig['policy'] {
  const policy = fieldsOf(source, 'policy', refused);
  const { communities, largeCommunities, rpkiServers } = source;
  return {
    asn: policy('dn42As', asn),
    ipv4Prefix: policy('dn42Ipv4Prefix', ipv4Prefix),
    ipv6Prefix: policy('dn42Ipv6Prefix', ipv6Prefix),
    rpkiServers: parseRpkiServers(rpkiServers, 'policy.rpkiServers', refused),
    ebgpImportLimit: policy('ebgpImportLimit', routeLimit),
    ebgpExportLimit: policy('ebgpExportLimit', routeLimit),
    ibgpImportLimit: policy('ibgpImportLimit', routeLimit),
    ibgpExportLimit: policy('ibgpExportLimit', routeLimit),
    asPathMaxLength: policy('asPathMaxLen', integer('an AS path length from 1 to 255', 1, 255)),
    communities: parseCommunities(communities, standardCommunity, 'policy.communities', refused),
    largeCommunities: parseCommunities(largeCommunities, largeCommunity, 'policy.largeCommunities', refused),
  };
}

// A peer half understood is none: its tunnel and its neighbor address must be right.
function parseIbgpPeer(source: unknown, where: string, refused: string[]): IbgpPeer[] {
  const problems: string[] = [];
  const peer = fieldsOf(source, where, problems);
  const id = peer('nodeId', nodeId);
  const loopbackIpv4 = peer('loopbackIpv4', ipv4);
  const loopbackIpv6 = peer('loopbackIpv6', ipv6);
  const rest = {
    nodeName: nodeNameOf(peer, id),
    isRouteReflector: isRouteReflector(peer, 'nodeType'),
    regionCode: peer('regionCode', regionCode),
  };
  if (problems.length === 0 && id !== undefined && (loopbackIpv4 ?? loopbackIpv6) !== undefined) {
    return [{ nodeId: id, loopbackIpv4, loopbackIpv6, ...rest }];
  }
  refused.push(problems.join('; ') || `${where}: has no nodeId or no loopback address`);
  return [];
}

const bandwidth = z.string().regex(/^\d{1,6}(?:\.\d{1,3})?[kKmMgGtT]?$/, 'is not a bandwidth such as "1G"');

const routeLimit = integer('a number of routes from 1 to 100000000', 1, 100_000_000);

const ipv4Prefix = prefix.refine((text) => !text.includes(':'), 'is not an IPv4 prefix');
const ipv6Prefix = prefix.refine((text) => text.includes(':'), 'is not an IPv6 prefix');

const shown = 50;

/** The reasons, or where there are very many, the first of them and a count of the rest. */
function summary(reasons: readonly string[]): readonly string[] {
  if (reasons.length <= shown) return reasons;
  return [...reasons.slice(0, shown), `and ${reasons.length - shown} more`];
}
