import { z } from 'zod';
import type { BirdConfig, IbgpPeer } from '../../../core/model/control-plane.js';
import { asn } from '../../../core/model/values/asn.js';
import { integer } from '../../../core/model/values/integer.js';
import { ipv4, ipv6, prefix } from '../../../core/model/values/ip.js';
import { type Findings, key, optional, readerOf, rowOf } from './fields.js';
import { listOf, present, rawOf } from './json.js';
import { largeCommunity, parseCommunities, standardCommunity } from './parse-communities.js';
import { parseRpkiServers } from './parse-rpki-servers.js';
import * as promised from './promised.js';
import { flag, nodeId, nodeNameOf, symbol, text } from './schemas.js';

const bandwidth = z.string().regex(/^\d{1,6}(?:\.\d{1,3})?[kKmMgGtT]?$/, 'is not a bandwidth such as "1G"');

const routeLimit = integer('a number of routes from 1 to 100000000', 1, 100_000_000);

const ipv4Prefix = prefix.refine((text) => !text.includes(':'), 'is not an IPv4 prefix');
const ipv6Prefix = prefix.refine((text) => text.includes(':'), 'is not an IPv6 prefix');

const answerKeys = {
  configHash: key(promised.string),
  node: key(promised.anything),
  policy: key(promised.anything),
  ibgpPeers: key(promised.list()),
};

const nodeKeys = {
  id: key(promised.number, nodeId),
  name: key(promised.string),
  type: key(promised.string, text),
  isRr: optional(promised.flag, flag),
  bandwidth: key(promised.string, bandwidth),
  regionCode: key(promised.number),
  loopbackIpv4: key(promised.address, ipv4),
  loopbackIpv6: key(promised.address, ipv6),
  continentLc: key(promised.string, symbol),
  subregionLc: key(promised.string, symbol),
  regionCommunity: key(promised.string, symbol),
  bandwidthCommunity: key(promised.string, symbol),
};

const communities = promised.map(promised.map(promised.list(promised.number)));

const policyKeys = {
  dn42As: key(promised.string, asn),
  dn42Ipv4Prefix: key(promised.string, ipv4Prefix),
  dn42Ipv6Prefix: key(promised.string, ipv6Prefix),
  rpkiServers: key(promised.list()),
  ebgpImportLimit: key(promised.number, routeLimit),
  ebgpExportLimit: key(promised.number, routeLimit),
  ibgpImportLimit: key(promised.number, routeLimit),
  ibgpExportLimit: key(promised.number, routeLimit),
  asPathMaxLen: key(promised.number, integer('an AS path length from 1 to 255', 1, 255)),
  communities: key(communities),
  largeCommunities: key(communities),
};

const ibgpPeerKeys = {
  nodeId: key(promised.number, nodeId),
  nodeName: key(promised.string, text),
  name: optional(promised.string, text),
  nodeType: optional(promised.string, text),
  regionCode: optional(promised.number),
  loopbackIpv4: key(promised.address, ipv4),
  loopbackIpv6: key(promised.address, ipv6),
  isRr: key(promised.flag, flag),
};

/**
 * `GET bird-config`. What is not understood is left out, with its reason in `refused`. Throws `WrongShapeError` where
 * there is no policy, or the iBGP peers are no list: nothing may be concluded from that.
 */
export function parseBirdConfig(answer: unknown, note: promised.Note = promised.unheard): BirdConfig {
  const body = rowOf(rawOf(answer, 'the answer'), answerKeys, '', note);
  rawOf(body.policy, 'policy');
  const peers = listOf(present(body.ibgpPeers) ?? [], 'ibgpPeers');
  const refused: string[] = [];
  const findings = { refused, note };
  return {
    node: parseNode(body.node, findings),
    policy: parsePolicy(body.policy, findings),
    ibgpPeers: peers.flatMap((peer, index) => parseIbgpPeer(peer, `ibgpPeers.${index}`, findings)),
    refused: summary(refused),
  };
}

function parseNode(source: unknown, findings: Findings): BirdConfig['node'] {
  const node = readerOf(source, nodeKeys, 'node', findings);
  return {
    id: node('id'),
    isRouteReflector: node('isRr') ?? node('type') === 'rr',
    bandwidth: node('bandwidth'),
    loopbackIpv4: node('loopbackIpv4'),
    loopbackIpv6: node('loopbackIpv6'),
    continentLc: node('continentLc'),
    subregionLc: node('subregionLc'),
    regionCommunity: node('regionCommunity'),
    bandwidthCommunity: node('bandwidthCommunity'),
  };
}

function parsePolicy(source: unknown, findings: Findings): BirdConfig['policy'] {
  const policy = readerOf(source, policyKeys, 'policy', findings);
  const table = (key: 'communities' | 'largeCommunities', schema: z.ZodType<readonly number[]>) =>
    parseCommunities(policy(key), schema, `policy.${key}`, findings.refused);
  return {
    asn: policy('dn42As'),
    ipv4Prefix: policy('dn42Ipv4Prefix'),
    ipv6Prefix: policy('dn42Ipv6Prefix'),
    rpkiServers: parseRpkiServers(policy('rpkiServers'), 'policy.rpkiServers', findings),
    ebgpImportLimit: policy('ebgpImportLimit'),
    ebgpExportLimit: policy('ebgpExportLimit'),
    ibgpImportLimit: policy('ibgpImportLimit'),
    ibgpExportLimit: policy('ibgpExportLimit'),
    asPathMaxLength: policy('asPathMaxLen'),
    communities: table('communities', standardCommunity),
    largeCommunities: table('largeCommunities', largeCommunity),
  };
}

// A peer half understood is none: its tunnel and its neighbor address must be right.
function parseIbgpPeer(source: unknown, where: string, { refused, note }: Findings): IbgpPeer[] {
  const problems: string[] = [];
  const peer = readerOf(source, ibgpPeerKeys, where, { refused: problems, note });
  const id = peer('nodeId');
  const loopbackIpv4 = peer('loopbackIpv4');
  const loopbackIpv6 = peer('loopbackIpv6');
  const nodeName = nodeNameOf(peer, id);
  const isRouteReflector = peer('isRr') ?? peer('nodeType') === 'rr';
  if (problems.length === 0 && id !== undefined && (loopbackIpv4 ?? loopbackIpv6) !== undefined) {
    return [{ nodeId: id, loopbackIpv4, loopbackIpv6, nodeName, isRouteReflector }];
  }
  refused.push(problems.join('; ') || `${where}: has no nodeId or no loopback address`);
  return [];
}

const shown = 50;

/** The reasons, or where there are very many, the first of them and a count of the rest. */
function summary(reasons: readonly string[]): readonly string[] {
  if (reasons.length <= shown) return reasons;
  return [...reasons.slice(0, shown), `and ${reasons.length - shown} more`];
}
