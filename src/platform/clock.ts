import { setTimeout as wait } from 'node:timers/promises';

/** The machine's clock: Unix time in milliseconds, a monotonic time, and a sleep that ends at once when its signal fires. */
export const systemClock = {
  now: (): number => Date.now(),
  monotonic: (): number => performance.now(),
  sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
    await wait(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  },
};
