import type { Clock } from '../ports.js';

/** Something that is done again and again. */
export interface Loop {
  readonly name: string;
  readonly intervalMs: number;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Runs a loop until the signal fires, at every interval give or take a tenth, so that the nodes of a network do not
 * all ask at the same moment. A round that throws is handed to `onError` and the next one comes all the same.
 */
export async function runLoop(
  loop: Loop,
  clock: Clock,
  random: () => number,
  onError: (name: string, error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(loop.intervalMs * (0.9 + 0.2 * random()), signal);
    if (signal.aborted) return;
    await loop.run(signal).catch((error: unknown) => {
      if (!signal.aborted) onError(loop.name, error);
    });
  }
}
