import type { Preserved } from '../model/preserved.js';
import type { DoubtfulTunnel } from '../model/previous-agent.js';
import type { NodeIdentity } from './node.js';

/** What an operator should know of a previous agent's objects, a sentence each. */
export function describePreviousAgent(
  doubtful: readonly DoubtfulTunnel[],
  preserved: Preserved,
  node: NodeIdentity,
): string[] {
  return [...doubtful.map(describeDoubtful), ...describePreserved(preserved, node)];
}

/** An interface that the agent does not adopt, and what the operator can do. */
function describeDoubtful({ interface: name, why, adoptable }: DoubtfulTunnel): string {
  const way = adoptable ? '; to adopt it, run: moenet-agent adopt' : '';
  return `the agent leaves interface ${name} unchanged: ${why}${way}`;
}

/** What the agent preserves, a sentence each. */
function describePreserved({ sessions, node }: Preserved, { routerId }: NodeIdentity): string[] {
  const names = Object.values(sessions).flatMap(({ protocols }) => protocols.map(({ name }) => name));
  return [
    ...names
      .sort()
      .map((name) => `${name} keeps the options that it had before the agent adopted it, until it goes down`),
    ...(node?.routerId === undefined || node.routerId === routerId
      ? []
      : [`the router id stays ${node.routerId}, not ${routerId}, until all sessions are down`]),
  ];
}
