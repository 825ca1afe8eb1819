import type { Tunnel } from '../../model/artifacts.js';
import type { Snapshot } from '../../model/control-plane.js';
import { mainTable, type RoutingRule } from '../../model/routing-rule.js';
import { type Family, families } from '../../model/values/family.js';
import type { IpAddress, Prefix } from '../../model/values/ip.js';
import { hostNetwork } from '../../model/values/network.js';
import type { NodeIdentity } from '../node.js';

interface RuleInput {
  readonly kernelTable: number | undefined;
  readonly tunnels: readonly Tunnel[];
  readonly node: NodeIdentity;
  readonly snapshot: Pick<Snapshot, 'mesh' | 'birdConfig'>;
  readonly ownBlocks: readonly Prefix[];
}

// Before the main table (32766) and what programs put right before it, such as wg-quick.
const priority = 30_157;

/**
 * Which packets use the routes of DN42 where they are in a table of their own: what comes in by a tunnel, what is sent from the loopback
 * addresses, and what goes to the loopbacks of our other nodes. For what comes in, our own blocks are looked up in the main table first: there
 * are the networks of this machine, and in the agent's table only the whole, unreachable block.
 */
export function routingRules({ kernelTable, tunnels, node, snapshot, ownBlocks }: RuleInput): RoutingRule[] {
  if (kernelTable === undefined) return [];
  const table = { table: kernelTable, priority };
  const own = [node.loopbackIpv4, node.loopbackIpv6].flatMap((address) => address ?? []);
  const others = [...(snapshot.mesh?.peers ?? []), ...(snapshot.birdConfig?.ibgpPeers ?? [])]
    .flatMap(({ loopbackIpv4, loopbackIpv6 }) => [loopbackIpv4, loopbackIpv6])
    .filter((address) => address !== undefined && !own.includes(address)) as IpAddress[];
  const networks = (addresses: readonly IpAddress[]) => [...new Set(addresses.map(hostNetwork))].sort();
  return [
    ...ownBlocks.map((to) => ({
      family: familyOf(to),
      to,
      table: mainTable,
      suppressPrefixLength: Number(to.split('/')[1]) - 1,
      priority: priority - 1,
    })),
    ...tunnels
      .map(({ interface: iif }) => iif)
      .sort()
      .flatMap((iif) => families.map((family) => ({ family, iif, ...table }))),
    ...networks(own).map((from) => ({ family: familyOf(from), from, ...table })),
    ...networks(others).map((to) => ({ family: familyOf(to), to, ...table })),
  ];
}

function familyOf(network: Prefix): Family {
  return network.includes(':') ? 'ipv6' : 'ipv4';
}
