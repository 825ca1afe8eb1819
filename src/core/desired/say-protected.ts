import type { ProtectedNetwork } from '../model/routing.js';
import { dn42Ipv4 } from '../model/values/dn42.js';
import type { Prefix } from '../model/values/ip.js';
import { isInside, lengthOf } from '../model/values/network.js';

/** DN42 allows no shorter prefix in its own range: a shorter network has addresses of many operators. */
const shortestPrefix = 21;

/**
 * A sentence for each protected network in DN42's own IPv4 range: somebody in DN42 may own these addresses. Either the
 * machine uses them for something else, or the node should reach them through DN42. A small network of the machine may be
 * the operator's own.
 */
export function describeProtected(networks: readonly ProtectedNetwork[]): string[] {
  const ours = networks.filter(({ way, network }) => way !== 'uplink' && lengthOf(network) >= shortestPrefix);
  const isOurs = (network: Prefix) => ours.some((each) => isInside(network, each.network));
  return networks
    .filter(({ network }) => isInside(network, dn42Ipv4) && !isOurs(network))
    .map(({ network, what }) => {
      const depends = `this node depends on ${network} (${what.join(', ')}), so BIRD refuses routes of neighbors to it`;
      return `${depends}; if this node reaches it through DN42, add it to policy.throughDn42`;
    });
}
