import { meshOnly, type ProtectedNetwork } from '../desired/protected.js';
import { lengthOf } from '../model/network.js';
import type { View } from './fill.js';

/**
 * The values for `policy.conf.hbs`, the elements of BIRD's prefix sets, one set for each family; and for `internal.conf.hbs`,
 * the loopbacks that only the mesh may lead to.
 */
export function protectedView(networks: readonly ProtectedNetwork[]): View {
  const isIpv6 = ({ network }: ProtectedNetwork) => network.includes(':');
  return {
    protectedIpv4: elements(
      networks.filter((each) => !isIpv6(each)),
      32,
    ),
    protectedIpv6: elements(networks.filter(isIpv6), 128),
    meshOnlyIpv4: meshOnly(networks).filter((network) => !network.includes(':')),
    meshOnlyIpv6: meshOnly(networks).filter((network) => network.includes(':')),
  };
}

function elements(networks: readonly ProtectedNetwork[], longest: number): View[] {
  const patterns = networks.map(({ network }) => patternOf(network, longest));
  const width = Math.max(0, ...patterns.map((pattern) => pattern.length)) + 1;
  return networks.map(({ what }, index) => {
    const comma = index < networks.length - 1 ? ',' : '';
    return { element: `${patterns[index]}${comma}`.padEnd(width), what: shorten(what) };
  });
}

/** Matches the network, what is inside it, and what it is inside of. */
function patternOf(network: ProtectedNetwork['network'], longest: number): string {
  return lengthOf(network) === longest ? `${network}-` : `${network}{0,${longest}}`;
}

/** BIRD's lines have a limit, and a thousand sessions may have one endpoint. */
function shorten(what: readonly string[]): string {
  const rest = what.length - 4;
  return rest > 0 ? `${what.slice(0, 4).join(', ')} and ${rest} more` : what.join(', ');
}
