import { lookAgain } from '../../core/verdict/up-history.js';
import type { NodeState } from '../pass/node-state.js';
import type { Clock } from '../ports/host.js';
import type { Log } from '../ports/log.js';
import { seenBgp } from './seen-bgp.js';

/** Tells which sessions came up and went down since the last time. What BIRD does not say is unknown, not down. */
export function openUpWatch(state: NodeState, clock: Pick<Clock, 'now'>, log: Log): () => void {
  let told: NodeState['lastPass'];
  return () => {
    // A look that saw no change leaves the pass as it is.
    if (state.lastPass === told) return;
    told = state.lastPass;
    const seen = told && seenBgp(told);
    if (!seen) return;
    const { history, events } = lookAgain(state.ups, seen, clock.now());
    state.ups = history;
    for (const { level, text, ...about } of events) log[level](text, about);
  };
}
