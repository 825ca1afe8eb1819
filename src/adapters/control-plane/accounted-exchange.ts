import { ControlPlaneError } from '../../shell/ports/control-plane-error.js';
import type { AccountedCall } from '../../shell/ports/work.js';
import type { Exchange } from './exchange.js';

/** Hears of each request that has ended, with how. */
export type OnCall = (call: AccountedCall) => void;

/** The same exchange; a request that the caller's signal, or the change of the dialect, broke off counts as none. */
export function accountedExchange(exchange: Exchange, onCall: OnCall, monotonic: () => number): Exchange {
  async function accounted<T>(call: AccountedCall['call'], request: () => Promise<T>): Promise<T> {
    const beganMs = monotonic();
    const ended = (failure: AccountedCall['failure']) =>
      onCall({ call, failure, durationMs: monotonic() - beganMs });
    try {
      const answer = await request();
      ended(undefined);
      return answer;
    } catch (error) {
      if (error instanceof ControlPlaneError) ended(error.kind);
      throw error;
    }
  }

  return {
    fetch: (dialect, call, parse, signal) =>
      accounted(call, () => exchange.fetch(dialect, call, parse, signal)),
    post: (dialect, post, signal) => accounted(post.call, () => exchange.post(dialect, post, signal)),
    checkHealth: (dialect, signal) => accounted('health', () => exchange.checkHealth(dialect, signal)),
  };
}
