import type { Observed, ObservedLink } from '../model/observed.js';
import { parseMark } from '../model/owner.js';
import type { ProtectedNetwork, Way } from '../model/routing.js';
import { toBirdText } from '../model/values/bird-text.js';
import { dn42Anycast, dn42Ranges } from '../model/values/dn42.js';
import { type IpAddress, type Prefix, parsePrefix } from '../model/values/ip.js';
import { hostNetwork, isInside, overlap } from '../model/values/network.js';

/** An address that this node depends on. */
export interface Dependency {
  readonly address: IpAddress;
  readonly what: string;
  readonly way: Way;
}

export interface ProtectedInput {
  readonly observed: Pick<Observed, 'links' | 'wireguard' | 'surroundings'>;
  /** Endpoints of tunnels, loopbacks of our nodes. */
  readonly dependencies: readonly Dependency[];
  /** Our own address blocks: BIRD accepts no neighbor's route to a part of them anyway. */
  readonly ownBlocks: readonly Prefix[];
  /** See `NodeSettings`. */
  readonly throughDn42: readonly Prefix[];
}

interface Item extends Omit<Dependency, 'address'> {
  readonly network: Prefix;
}

/**
 * The networks to which no neighbor's route may lead, in order. Only those in DN42's ranges: BIRD accepts no other routes
 * anyway, and need not load a new configuration whenever a public address changes.
 */
export function protectedNetworks(input: ProtectedInput): ProtectedNetwork[] {
  const { observed, dependencies, ownBlocks, throughDn42 } = input;
  const exempt = [...ownBlocks, ...throughDn42];
  const items = [
    ...surroundingItems(observed),
    ...machineItems(observed),
    ...dependencies.map(itemOf),
  ].filter(({ network }) => dn42Ranges.some((range) => overlap(network, range)) && !isIn(network, exempt));
  return groupByNetwork(items);
}

function surroundingItems({ links, wireguard, surroundings }: ProtectedInput['observed']): Item[] {
  const { controlPlane = [], proxy = [], resolvers = [], rtrCaches = [], gateways = [] } = surroundings ?? {};
  const tunnels = new Set(links.filter((link) => isTunnel(link, wireguard)).map(({ name }) => name));
  const item = (address: IpAddress, what: string) => itemOf({ address, what, way: 'uplink' });
  return [
    ...controlPlane.map((address) => item(address, 'control plane')),
    ...proxy.map((address) => item(address, 'proxy to the control plane')),
    ...resolvers
      .map((address) => item(address, 'resolver'))
      .filter(({ network }) => !isIn(network, dn42Anycast)),
    ...rtrCaches.map((address) => item(address, 'RPKI cache')),
    ...gateways
      .filter((gateway) => !tunnels.has(gateway.interface))
      .map((gateway) => item(gateway.address, `gateway of ${toBirdText(gateway.interface)}`)),
  ];
}

/**
 * The machine's connected networks, without those of tunnels: the other end of a tunnel that somebody made by hand is
 * usually in a prefix that the same neighbor announces.
 */
function machineItems({ links, wireguard }: ProtectedInput['observed']): Item[] {
  return links
    .filter((link) => !isTunnel(link, wireguard))
    .flatMap((link) =>
      link.addresses
        .filter(({ peer }) => peer === undefined)
        .flatMap(({ local, prefixLength }) => parsePrefix(`${local}/${prefixLength}`) ?? [])
        .map((network) => ({ network, what: `network of ${toBirdText(link.name)}`, way: 'own' as const })),
    );
}

// Kinds of links as `ip -d link` names them. `dummy` carries loopback addresses.
const tunnelKinds = new Set(
  [
    ['wireguard', 'amneziawg', 'tun', 'ovpn', 'ovpn-dco', 'ppp', 'xfrm', 'vti', 'vti6'],
    ['gre', 'gretap', 'ip6gre', 'ip6gretap', 'erspan', 'ip6erspan', 'ipip', 'ip6tnl', 'sit'],
    ['vxlan', 'geneve', 'dummy'],
  ].flat(),
);

function isTunnel(link: ObservedLink, wireguard: Observed['wireguard']): boolean {
  if (link.name === 'lo' || parseMark(link.alias) || tunnelKinds.has(link.kind ?? '')) return true;
  return wireguard.some((each) => each.interface === link.name);
}

function itemOf({ address, ...rest }: Dependency): Item {
  return { network: hostNetwork(address), ...rest };
}

function isIn(network: Prefix, blocks: readonly Prefix[]): boolean {
  return blocks.some((block) => isInside(network, block));
}

function groupByNetwork(items: readonly Item[]): ProtectedNetwork[] {
  const networks = [...new Set(items.map(({ network }) => network))].sort();
  return networks.map((network) => {
    const same = items.filter((item) => item.network === network);
    const what = [...new Set(same.map((item) => item.what))].sort();
    return { network, what, way: joined(same.map(({ way }) => way)) };
  });
}

function joined(ways: readonly Way[]): Way {
  const [way = 'own'] = ways;
  return ways.every((each) => each === way) ? way : 'own';
}

/**
 * The loopbacks among the networks that only the mesh reaches. One that is also the endpoint of a tunnel, or in a network
 * of the machine, is reachable without the mesh.
 */
export function meshOnly(networks: readonly ProtectedNetwork[]): Prefix[] {
  return networks
    .filter(({ way }) => way === 'mesh')
    .map(({ network }) => network)
    .filter(
      (network) => !networks.some((other) => other.network !== network && isInside(network, other.network)),
    );
}
