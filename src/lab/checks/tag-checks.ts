import { bandwidthOf } from '../control-plane/bird-config-document.js';
import { communityTables } from '../control-plane/community-tables.js';
import { sessionName } from '../converge.js';
import { showRoutes } from '../hosts/show-routes.js';
import { type Lab, nodeOf, peerHost } from '../running-lab.js';
import { ownPrefixes } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { acceptedPrefixes } from '../scenario/policy-table.js';
import { type Check, checksOf } from './check.js';

/** Routes tell how good the way is, and our own where they come from. */
export function tagChecks(lab: Lab, peer: PeerSpec): Check[] {
  const check = checksOf(sessionName(peer), peer.node.name);
  return [
    check('our own routes carry region, bandwidth and crypto', () => missingTags(lab, peer)),
    check('its routes get latency, bandwidth and crypto of the link', () => linkTags(lab, peer)),
  ];
}

/** Says which community our own routes lack at a peer, or have too many of; nothing where they are right. */
export async function missingTags(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const wanted = [...tagsOf(lab, peer)].sort().join(' ');
  const routes = await peerHost(lab, peer).bgp.routes();
  for (const own of ownPrefixes) {
    const route = routes.find(({ prefix }) => prefix === own);
    const found = (route?.communities ?? []).filter(isTag).sort();
    if (found.join(' ') !== wanted) return `${own} carries ${found.join(' ') || 'none'}, not ${wanted}`;
  }
  return undefined;
}

/** Says what a peer's own routes, which it tags with nothing, lack at its node of what the link adds. */
async function linkTags(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const [, bandwidth, crypto] = tagsOf(lab, peer);
  const routes = (await showRoutes(nodeOf(lab, peer))).filter(
    ({ asPath }) => asPath.join() === `${peer.asn}`,
  );
  for (const own of acceptedPrefixes(peer).slice(0, 2)) {
    const found = routes.find(({ prefix }) => prefix === own)?.communities ?? [];
    const latency = found.filter(isLatency);
    const tags = found.filter(isTag).sort().join(' ');
    const wanted = [bandwidth, crypto].sort().join(' ');
    if (latency.length !== 1 || tags !== wanted) {
      return `${own} carries ${found.join(' ') || 'none'}, not one latency and ${wanted}`;
    }
  }
  return undefined;
}

/** Region, bandwidth and crypto of a node's own routes at a peer: WireGuard with a preshared key is one better (DN42's wiki). */
function tagsOf(lab: Lab, peer: PeerSpec): string[] {
  const { node } = peer;
  const tables = communityTables();
  const name = node.region.community.replace('DN42_REGION_', '').toLowerCase();
  const bandwidth = `${bandwidthOf(node, lab.controlPlane.policyRevision)}_plus`.toLowerCase();
  const crypto = [64_511, peerHost(lab, peer).secrets.presharedKey === undefined ? 34 : 35];
  const values = [tables['region']?.[name], tables['bandwidth']?.[bandwidth], crypto];
  return values.map((value) => value?.join(',') ?? '');
}

function isLatency(community: string): boolean {
  return /^64511,\d$/.test(community);
}

/** Region, bandwidth or crypto: all of DN42's but the latency (64511,1 to 9). */
function isTag(community: string): boolean {
  return /^64511,\d\d$/.test(community);
}
