import type { Clock } from './ports/host.js';

/** Something that is done again and again. */
export interface Loop {
  readonly name: string;
  readonly intervalMs: number;
  run(signal: AbortSignal): Promise<void>;
}

export interface LoopContext {
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  onError(name: string, error: unknown): void;
}

/**
 * Runs a loop until the signal fires, at every interval give or take a tenth, so that the nodes of a network do not
 * all ask at the same moment. A round that throws is handed to `onError` and the next one comes all the same.
 */
export async function runLoop(loop: Loop, context: LoopContext, stop: AbortSignal): Promise<void> {
  const { clock, random, onError } = context;
  while (!stop.aborted) {
    await clock.sleep(loop.intervalMs * (0.9 + 0.2 * random()), stop);
    if (stop.aborted) return;
    await loop.run(stop).catch((error: unknown) => {
      if (!stop.aborted) onError(loop.name, error);
    });
  }
}
