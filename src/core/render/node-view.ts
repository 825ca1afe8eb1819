import { type LocalConfig, type LocalFile, noHooks } from '../model/local-config.js';
import { kernelNames, rpkiProtocolName } from '../model/names.js';
import type { Routing, RpkiCache } from '../model/routing.js';
import { type IpAddress, type Prefix, parseIp } from '../model/values/ip.js';
import { hostNetwork, isInside } from '../model/values/network.js';
import { isAtLeast } from '../model/values/version.js';
import { communityView } from './community-view.js';
import { controlView } from './control-view.js';
import { customerView } from './customer-view.js';
import type { View } from './fill.js';
import { ownPrefixView } from './own-prefix-view.js';
import { protectedView } from './protected-view.js';
import { exportFirst } from './session-filters.js';

/** The values of `bird.conf.hbs` and of the files that it includes, except sessions and iBGP peers. */
export function nodeView(routing: Routing): View {
  const { node, policy } = routing;
  return {
    ...babelView(routing),
    ...rpkiView(policy.rpkiServers),
    ...cacheNetworks(policy),
    usesSavedRoas: routing.roaFallback?.isUsed ?? false,
    ...communityView(routing),
    ...collectorView(routing),
    ...protectedView(routing.protectedNetworks),
    ...customerView(routing),
    ...localView(routing.local),
    ...controlView(routing),
    ...ownPrefixView(policy),
    ...tableView(routing),
    maintenance: routing.maintenance,
    nodeName: node.name,
    nodeId: node.id,
    asn: node.asn,
    routerId: routing.preservedNode?.routerId ?? node.routerId,
    hostname: routing.preservedNode?.hostname,
    deviceName: routing.preservedNode?.deviceName,
    kernelIpv4: routing.preservedNode?.kernelIpv4?.name ?? kernelNames.ipv4,
    kernelIpv6: routing.preservedNode?.kernelIpv6?.name ?? kernelNames.ipv6,
    scanTimeIpv4: routing.preservedNode?.kernelIpv4?.scanTime ?? 10,
    scanTimeIpv6: routing.preservedNode?.kernelIpv6?.scanTime ?? 10,
    loopbackIpv4: node.loopbackIpv4,
    loopbackIpv6: node.loopbackIpv6,
    hasLoopback: node.loopbackIpv4 !== undefined || node.loopbackIpv6 !== undefined,
    ownIpv4: policy.ipv4Prefix,
    ownIpv6: policy.ipv6Prefix,
    ownDrained: policy.ownBlocks === 'drain',
    ownWithdrawn: policy.ownBlocks === 'withdraw',
    ebgpImportLimit: policy.ebgpImportLimit,
    ebgpExportLimit: policy.ebgpExportLimit,
    ibgpImportLimit: policy.ibgpImportLimit,
    ibgpExportLimit: policy.ibgpExportLimit,
    asPathMaxLength: policy.asPathMaxLength,
    refusesUnknown: policy.roaUnknown === 'reject',
    bfd: routing.mode === 'full' && routing.sessions.some(({ session }) => session.options?.bfd),
    blockedAsns: [...new Set(policy.blockedAsns)].sort((a, b) => a - b).map(String),
  };
}

function babelView({ node, policy, ibgpPeers, meshInterfaces, birdVersion }: Routing): View {
  const nodes = [node, ...ibgpPeers];
  const ipv4 = nodes.flatMap(({ loopbackIpv4 }) => loopbackIpv4 ?? []);
  const ipv6 = nodes.flatMap(({ loopbackIpv6 }) => loopbackIpv6 ?? []);
  const loopbacksIpv4 = loopbackSet(policy.ipv4Prefix, ipv4, 32);
  const loopbacksIpv6 = loopbackSet(policy.ipv6Prefix, ipv6, 128);
  return {
    babel: meshInterfaces.length > 0 && loopbacksIpv4.length + loopbacksIpv6.length > 0,
    // BIRD 2.14 added `type tunnel` and the RTT extension (RFC 9616).
    babelRtt: isAtLeast(birdVersion, 2, 14),
    meshInterfaces: [...meshInterfaces].sort(),
    loopbacksIpv4,
    loopbacksIpv6,
  };
}

/**
 * The elements of a BIRD prefix set: single addresses in our own block, and those of `addresses` outside it. The block
 * covers nodes that this node does not know, such as those behind a client.
 */
function loopbackSet(block: Prefix | undefined, addresses: readonly IpAddress[], length: number): string[] {
  const hosts = addresses.map(hostNetwork).filter((host) => !block || !isInside(host, block));
  const elements = [...new Set(hosts)].sort();
  return block ? [`${block}{${length},${length}}`, ...elements] : elements;
}

/** A table of its own lacks what the kernel puts into the main one by itself: the ways to the other ends of the tunnels. */
function tableView({ kernelTable, sessions }: Routing): View {
  const names = sessions.map(({ session }) => session.interface).sort();
  return {
    kernelTable,
    hasLinks: kernelTable !== undefined && names.length > 0,
    linkInterfaces: kernelTable === undefined ? [] : [...new Set<string>(names)],
  };
}

/**
 * The includes of the operator's files. The brackets make a pattern of a name: BIRD starts also where the file is gone meanwhile. A hash makes
 * another text of `bird.conf` when a file changes: so BIRD checks and loads it.
 */
function localView({ files, hooks }: LocalConfig = { files: [] }): View {
  const include = ({ path, hash }: LocalFile) => ({ pattern: path.replace(/f$/, '[f]'), hash });
  return {
    localHooks: hooks ? [include(hooks)] : [],
    localFiles: files.map(include),
  };
}

/** The values of `collector.conf.hbs`. */
function collectorView({ collector, node, local }: Routing): View {
  const first = collector ? exportFirst(collector.asn, {}, local?.hooks ?? noHooks) : [];
  const isIpv6 = collector?.address.includes(':');
  return {
    collector: collector !== undefined,
    collectorAddress: collector?.address,
    collectorAsn: collector?.asn,
    collectorSource: isIpv6 ? node.loopbackIpv6 : node.loopbackIpv4,
    collectorChannels: [
      { name: 'ipv4', nextHop: node.loopbackIpv4, exportFirst: first },
      { name: 'ipv6', nextHop: node.loopbackIpv6, exportFirst: first },
    ],
  };
}

/**
 * The values of `rpki.conf.hbs`, also for the policy. With caches BIRD checks origins, even while none of them has an
 * address: then no route has a ROA.
 */
export function rpkiView(servers: readonly RpkiCache[]): View {
  const named = servers.filter(isSafe);
  const caches = named.flatMap(cacheView).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { rpki: named.length > 0, caches };
}

/**
 * The networks that the way to a cache can be in, as elements of BIRD's prefix sets: `-` is the address and all that it is in. None
 * where routes without a ROA are accepted anyway.
 */
function cacheNetworks({ rpkiServers, roaUnknown }: Routing['policy']): View {
  const servers = roaUnknown === 'reject' ? rpkiServers.filter(isSafe) : [];
  const addresses = servers.flatMap(({ host, address }) => parseIp(host) ?? address ?? []);
  const setOf = (isIpv6: boolean) => {
    const ofFamily = addresses.filter((address) => address.includes(':') === isIpv6);
    return [...new Set(ofFamily.map((address) => `${hostNetwork(address)}-`))].sort();
  };
  return { cachesIpv4: setOf(false), cachesIpv6: setOf(true) };
}

const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/;

/**
 * Names and hosts come from the network, and names become identifiers: a last check leaves out what is neither an address
 * nor a host name.
 */
function isSafe({ name, host }: RpkiCache): boolean {
  return /^[A-Za-z0-9_]{1,40}$/.test(name) && (parseIp(host) !== undefined || hostName.test(host));
}

function cacheView({ name, host, port, address }: RpkiCache): (View & { readonly name: string })[] {
  const remote = parseIp(host) ?? address;
  return remote === undefined ? [] : [{ name: rpkiProtocolName(name), remote, port }];
}
