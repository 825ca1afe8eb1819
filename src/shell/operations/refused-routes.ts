import { refusedCounts } from '../../core/lookups/refused-reasons.js';
import { wordsOf } from '../../core/model/words-of.js';
import { viewSession } from '../../core/verdict/session-view.js';
import type { NodeState } from '../pass/node-state.js';
import type { AgentContext } from '../talk/agent-context.js';

/** The routes move from one reason to another without a change of their number: then they are counted anew after this time. */
const countAgainMs = 600_000;

/** Counts the routes that the import filters refuse. */
export interface RefusedRoutes {
  /** Counts them where their number has changed, or the last count is old. Never throws. */
  note(signal: AbortSignal): Promise<void>;
}

export function openRefusedRoutes(
  { host, logOnChange }: Pick<AgentContext, 'host' | 'logOnChange'>,
  state: NodeState,
): RefusedRoutes {
  let last: { readonly total: number; readonly atMs: number } | undefined;
  return {
    note: async (signal) => {
      const total = totalOf(state);
      const asn = state.lastPass?.desired.node.asn;
      if (total === undefined || asn === undefined) {
        state.refusedRoutes = undefined;
        last = undefined;
        return;
      }
      const atMs = host.clock.monotonic();
      if (last?.total === total && atMs - last.atMs < countAgainMs) return;
      try {
        const counts = await host.bird.tables.countRefused(asn, total, signal);
        state.refusedRoutes = refusedCounts(counts, total);
        last = { total, atMs };
        logOnChange('refused routes', undefined);
      } catch (error) {
        if (signal.aborted) return;
        state.refusedRoutes = undefined;
        last = undefined;
        logOnChange('refused routes', `the agent cannot count them: ${wordsOf(error)}`);
      }
    },
  };
}

/** As BIRD shows them for its protocols; undefined while it does not answer. */
function totalOf({ lastPass }: NodeState): number | undefined {
  if (!lastPass?.observed.bird.running) return undefined;
  const { desired, observed } = lastPass;
  return desired.sessions.reduce((sum, session) => sum + viewSession(session, observed).routesRefused, 0);
}
