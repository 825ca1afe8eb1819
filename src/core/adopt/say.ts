import type { Desired } from '../desired/desired.js';
import type { NodeIdentity } from '../desired/node.js';
import type { DoubtfulTunnel, Obstacle } from '../model/former.js';
import type { Kept } from '../model/kept.js';

/** Why BIRD's files stay as they are, and what ends it. */
export function describeObstacles(obstacles: readonly Obstacle[], mode: 'full' | 'include'): string {
  const list = obstacles.map(({ protocol, why }) => `${protocol} (${why})`).join(', ');
  const way = mode === 'full' ? ', and "bird.mode": "include" leaves bird.conf to you' : '';
  return `BIRD's files stay as they are, for to replace them would end or reset ${list}; "moenet-agent adopt" does it all the same${way}`;
}

/** What is kept as it was, a sentence each. */
export function describeKept({ sessions, node }: Kept, { routerId }: NodeIdentity): string[] {
  const names = Object.values(sessions).flatMap(({ protocols }) => protocols.map(({ name }) => name));
  return [
    ...names.sort().map((name) => `${name} keeps the options that it was taken over with until it goes down`),
    ...(node?.routerId === undefined || node.routerId === routerId
      ? []
      : [`the router id stays ${node.routerId}, not ${routerId}, until all sessions are down`]),
  ];
}

/** An interface that is left alone, and what to do. */
function describeDoubtful({ interface: name, why, adoptable }: DoubtfulTunnel): string {
  const way = adoptable ? '; "moenet-agent adopt" takes it over' : '';
  return `interface ${name} is left alone: ${why}${way}`;
}

/** All that a person should know, of what was there before the agent and else, and that is no fault. */
export function formerNotes({ former, notes }: Pick<Desired, 'former' | 'notes'>): string[] {
  return [...former.doubtful.map(describeDoubtful), ...former.notes, ...notes];
}
