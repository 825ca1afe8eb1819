import { setTimeout as wait } from 'node:timers/promises';

/** The machine's clock: Unix time in milliseconds, the time since the start that no step of the clock changes, and a sleep that ends at once when its signal fires. */
export const systemClock = {
  now: (): number => Date.now(),
  monotonic: (): number => performance.now(),
  sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
    await wait(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  },
};
