import { meshOnly } from '../desired/protected.js';
import { listSome } from '../model/list-some.js';
import type { ProtectedNetwork } from '../model/routing.js';
import { lengthOf } from '../model/values/network.js';
import type { View } from './fill.js';

/**
 * The elements of BIRD's prefix sets for `policy.conf.hbs`, one set per family; and for `internal.conf.hbs` the loopbacks
 * to which only the mesh may lead.
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
    return { element: `${patterns[index]}${comma}`.padEnd(width), what: listSome(what, mostNames) };
  });
}

// BIRD limits the length of lines, and a thousand sessions may share an endpoint.
const mostNames = 4;

/** Matches the network, those inside it, and those around it. */
function patternOf(network: ProtectedNetwork['network'], longest: number): string {
  return lengthOf(network) === longest ? `${network}-` : `${network}{0,${longest}}`;
}
