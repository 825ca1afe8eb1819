import type { ObservedBird } from '../../model/observed.js';
import type { RoutingPolicy } from '../../model/routing.js';

/** Whether the node counts as cut off from all our other nodes. */
export interface Alone {
  readonly isAlone: boolean;
  /** Unix seconds since which what is seen says the opposite; undefined where it says the same. */
  readonly differsSinceSeconds?: number | undefined;
}

/** Until a change counts that is seen. A BIRD that starts needs some 10 s to know the other nodes. */
const holdSeconds = 30;

/**
 * Follows from one pass to the next whether Babel knows another node. `isExpected`: there is a mesh tunnel. Where BIRD does not say,
 * it stays as it was.
 */
export function nextAlone(before: Alone, bird: ObservedBird, isExpected: boolean, nowSeconds: number): Alone {
  if (!isExpected) return { isAlone: false };
  const neighbors = bird.running ? bird.babelNeighbors : undefined;
  if (neighbors === undefined) return { isAlone: before.isAlone };
  const isSeen = neighbors === 0;
  if (isSeen === before.isAlone) return { isAlone: isSeen };
  const since = before.differsSinceSeconds ?? nowSeconds;
  if (nowSeconds - since >= holdSeconds) return { isAlone: isSeen };
  // A clock that was set back starts the wait anew.
  return { isAlone: before.isAlone, differsSinceSeconds: Math.min(since, nowSeconds) };
}

/** What becomes of our own blocks, for people; empty where they are announced as always. */
export function describeAlone({ isAlone }: Alone, whenAlone: RoutingPolicy['ownBlocks']): string[] {
  if (!isAlone) return [];
  return [
    `Babel reaches no other node of ours, so this node ${whatBecomes[whenAlone]} until it reaches one again (policy.whenAlone); see: birdc show babel neighbors`,
  ];
}

const whatBecomes: Readonly<Record<RoutingPolicy['ownBlocks'], string>> = {
  announce: 'still announces our own blocks, with traffic for the other nodes that it cannot deliver,',
  drain: 'announces our own blocks with graceful shutdown',
  withdraw: 'does not announce our own blocks',
};
