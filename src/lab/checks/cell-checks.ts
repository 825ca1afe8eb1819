import type { Lab } from '../running-lab.js';
import type { Policy } from '../scenario/announcements.js';
import { ownPrefixes } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { acceptedPrefixes, mayGo } from '../scenario/policy-table.js';
import type { Check } from './check.js';
import { notIn, sentTo } from './sent-to.js';

/** The policy table, in every cell that this scenario can show: what is learned by one policy, sent by another. */
export function cellChecks(lab: Lab): Check[] {
  const { peers } = lab.scenario;
  const policies = [...new Set(peers.map(({ policy }) => policy))].sort();
  return policies.flatMap((to) => [
    ownCell(lab, to),
    ...policies.flatMap((from) => {
      const pairs = peers
        .filter(({ policy }) => policy === from)
        .flatMap((source) =>
          peers
            .filter(({ policy, asn: other }) => policy === to && other !== source.asn)
            .map((target) => [source, target] as const),
        );
      return pairs.length > 0 ? [cell(lab, from, to, pairs)] : [];
    }),
  ]);
}

function ownCell(lab: Lab, to: Policy): Check {
  const targets = lab.scenario.peers.filter(({ policy }) => policy === to);
  return {
    name: `policy: our own routes reach ${to}`,
    node: targets[0]?.node.name ?? '',
    test: async () => {
      for (const target of targets) {
        const missing = ownPrefixes.find(notIn(await sentTo(lab, target)));
        if (missing !== undefined) return `AS${target.asn} has no route to ${missing}`;
      }
      return undefined;
    },
  };
}

type Pair = readonly [source: PeerSpec, target: PeerSpec];

function cell(lab: Lab, from: Policy, to: Policy, pairs: readonly Pair[]): Check {
  const wanted = mayGo(from, to);
  return {
    name: `policy: from ${from} ${wanted ? 'goes' : 'does not go'} to ${to}`,
    node: pairs[0]?.[1].node.name ?? '',
    test: async () => {
      for (const [source, target] of pairs) {
        const sent = await sentTo(lab, target);
        const wrong = acceptedPrefixes(source).find((prefix) => sent.has(prefix) !== wanted);
        if (wrong !== undefined) return `AS${target.asn} has ${wanted ? 'no' : 'a'} route to ${wrong}`;
      }
      return undefined;
    },
  };
}
