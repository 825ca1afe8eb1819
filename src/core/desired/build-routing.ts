import { ebgpOptions } from '../model/bgp-options.js';
import type { BirdConfig, CommunityTable } from '../model/control-plane.js';
import { readLocalConfig } from '../model/local-config.js';
import type { Observed } from '../model/observed.js';
import type { Preserved } from '../model/preserved.js';
import { defaultPolicy, type Routing, type RoutingNode, type RoutingPolicy } from '../model/routing.js';
import type { RoaFallback } from '../model/saved-roas.js';
import { toBirdText } from '../model/values/bird-text.js';
import { wikiCommunities } from '../model/wiki-communities.js';
import type { Wanted } from './desire-node.js';
import type { NodeIdentity } from './node.js';
import { sessionBgpOptions } from './options/session-bgp-options.js';
import type { Alone } from './policy/alone.js';
import { isRoleRefused } from './policy/roles.js';
import type { NodeSettings, RoutingMemory } from './settings.js';

type Part = 'settings' | 'node' | 'birdConfig' | 'sessions' | 'mesh' | 'protectedNetworks' | 'caches';

export interface RoutingInput extends Pick<Wanted, Part> {
  readonly birdVersion: string | undefined;
  readonly memory: RoutingMemory;
  readonly preserved: Preserved;
  readonly alone: Alone;
  /** See `refusedRoles`. */
  readonly refusedRoles: readonly string[];
  readonly observed?: Pick<Observed, 'localFiles'>;
  readonly roaFallback?: RoaFallback | undefined;
}

/** Gathers the input of BIRD's configuration; undefined where the node's ASN or router id is unknown. */
export function buildRouting(input: RoutingInput): Routing | undefined {
  const { settings, birdVersion, birdConfig, sessions, mesh, memory, preserved } = input;
  const node = routingNode(input.node, birdConfig);
  if (!node) return undefined;
  return {
    mode: settings.birdMode,
    birdVersion,
    node,
    policy: { ...withDefaults(birdConfig?.policy, settings, input.alone), rpkiServers: input.caches },
    sessions: sessions.map((item) => {
      const { session, protocol, disabled } = item;
      const policy = isRoleRefused(item, input.refusedRoles) ? undefined : session.policy;
      return {
        session,
        protocol,
        disabled,
        latencyTier: memory.latencyTiers[session.uuid],
        options: sessionBgpOptions(ebgpOptions(policy, birdVersion), session.options, birdVersion),
      };
    }),
    ibgpPeers: birdConfig?.ibgpPeers ?? [],
    meshInterfaces: mesh.flatMap(({ tunnel }) => tunnel?.interface ?? []),
    collector: settings.policy.collector,
    protectedNetworks: input.protectedNetworks,
    roaFallback: input.roaFallback,
    maintenance: memory.maintenance,
    kernelTable: settings.kernelTable,
    local: settings.birdMode === 'full' ? readLocalConfig(input.observed?.localFiles) : undefined,
    preserved: preserved.sessions,
    preservedNode: preserved.node,
  };
}

function routingNode(node: NodeIdentity, birdConfig: BirdConfig | undefined): RoutingNode | undefined {
  const { id, asn, routerId, loopbackIpv4, loopbackIpv6, isRouteReflector } = node;
  if (asn === undefined || routerId === undefined) return undefined;
  return {
    id,
    name: toBirdText(node.name),
    asn,
    routerId,
    loopbackIpv4,
    loopbackIpv6,
    isRouteReflector,
    bandwidth: birdConfig?.node.bandwidth,
    bandwidthCommunity: birdConfig?.node.bandwidthCommunity,
    regionCommunity: birdConfig?.node.regionCommunity,
    continentLc: birdConfig?.node.continentLc,
    subregionLc: birdConfig?.node.subregionLc,
  };
}

/** The operator's word on a group replaces that of the network. */
function ownCommunities(groups: NodeSettings['policy']['communities'] = {}): CommunityTable {
  const entries = Object.entries(groups).flatMap(([group, table]): [string, CommunityTable[string]][] => {
    const values = table === 'wiki' ? wikiCommunities[group] : table;
    return values ? [[group, values]] : [];
  });
  return Object.fromEntries(entries);
}

function withDefaults(
  policy: BirdConfig['policy'] | undefined,
  { policy: ours }: NodeSettings,
  { isAlone }: Alone,
): Omit<RoutingPolicy, 'rpkiServers'> {
  const limits = defaultPolicy;
  return {
    ipv4Prefix: policy?.ipv4Prefix,
    ipv6Prefix: policy?.ipv6Prefix,
    ownPrefixes: ours.ownPrefixes,
    ownBlocks: isAlone ? ours.whenAlone : 'announce',
    ebgpImportLimit: policy?.ebgpImportLimit ?? limits.ebgpImportLimit,
    ebgpExportLimit: policy?.ebgpExportLimit ?? limits.ebgpExportLimit,
    ibgpImportLimit: policy?.ibgpImportLimit ?? limits.ibgpImportLimit,
    ibgpExportLimit: policy?.ibgpExportLimit ?? limits.ibgpExportLimit,
    asPathMaxLength: policy?.asPathMaxLength ?? limits.asPathMaxLength,
    roaUnknown: ours.roaUnknown,
    blockedAsns: ours.blockedAsns,
    customers: ours.customers,
    communities: { ...policy?.communities, ...ownCommunities(ours.communities) },
    largeCommunities: policy?.largeCommunities ?? {},
  };
}
