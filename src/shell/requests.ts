import type { Operations } from './operations/operations.js';

/** What others have asked the daemon for and is under way. */
export interface Requests {
  /** Runs one. Throws once the daemon is to stop: nothing more is begun then. */
  serve<T>(task: () => Promise<T>): Promise<T>;
  /** The same for those operations that change the system. */
  serving(operations: Operations): Operations;
  /** Resolves when none is under way. Never throws. */
  done(): Promise<unknown>;
}

export function openRequests(stop: AbortSignal): Requests {
  const underWay = new Set<Promise<unknown>>();

  async function serve<T>(task: () => Promise<T>): Promise<T> {
    if (stop.aborted) throw new Error('the agent is stopping');
    const result = task();
    underWay.add(result);
    return result.finally(() => underWay.delete(result));
  }

  return {
    serve,
    serving: (operations) => ({
      ...operations,
      restart: (request, signal) => serve(() => operations.restart(request, signal)),
      repair: (signal) => serve(() => operations.repair(signal)),
    }),
    done: () => Promise.allSettled(underWay),
  };
}
