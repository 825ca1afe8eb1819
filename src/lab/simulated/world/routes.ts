import type { BirdChannel } from '../../../core/model/observed.js';
import type { NodeSpec } from '../../scenario/node-spec.js';
import { ownPrefixes } from '../../scenario/numbers.js';
import type { PeerSpec } from '../../scenario/peer-spec.js';
import { acceptedPrefixes, expectedAt } from '../../scenario/policy-table.js';
import type { Scenario } from '../../scenario/scenario.js';

type RoutesOf = (family: string) => NonNullable<BirdChannel['routes']>;

/** The numbers of routes of a session with a neighbor, as they are where BIRD's filters do what they should: here there are none. */
export function routesWith(scenario: Scenario, peer: PeerSpec): RoutesOf {
  const announced = peer.announces.flatMap(({ prefixes }) => prefixes);
  return (family) => {
    const imported = count(acceptedPrefixes(peer), family);
    const exported = count(expectedAt(scenario, peer), family);
    const filtered = count(announced, family) - imported;
    return { imported, filtered, exported, preferred: imported };
  };
}

/** The same of iBGP with a node, which brings in what its own neighbors announce. */
export function routesBetween(scenario: Scenario, other: NodeSpec): RoutesOf {
  const theirs = scenario.peers.filter(({ node }) => node.id === other.id).flatMap(acceptedPrefixes);
  return (family) => {
    const imported = count([...theirs, ...ownPrefixes], family);
    return { imported, filtered: 0, exported: imported, preferred: imported };
  };
}

function count(prefixes: readonly string[], family: string): number {
  return prefixes.filter((prefix) => prefix.includes(':') === (family === 'ipv6')).length;
}
