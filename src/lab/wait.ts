import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './report/progress.js';

/** Something that comes true by itself, or does not. */
export interface Condition {
  readonly what: string;
  holds(): Promise<boolean> | boolean;
}

export interface WaitResult {
  readonly ok: boolean;
  readonly tookMs: number;
  /** When each condition was first seen to hold: `what` → milliseconds since the start of the wait. */
  readonly heldAfterMs: ReadonlyMap<string, number>;
  /** What did not come true in time, and why it could not be looked at, where that was so. */
  readonly missing: readonly string[];
}

/**
 * Waits until every condition was seen to hold once, telling what is still waited for. Stops early where `giveUp` says
 * that waiting is in vain. `refresh` is called before each look.
 */
export async function waitFor(
  conditions: readonly Condition[],
  options: {
    readonly limitMs: number;
    /** From one look to the next; on a busy machine as long as the look took, so that what is waited for gets on. */
    readonly pollMs: number;
    readonly progress: Progress;
    readonly refresh: () => Promise<void>;
    readonly giveUp: () => boolean;
  },
): Promise<WaitResult> {
  const startedAtMs = Date.now();
  const heldAfterMs = new Map<string, number>();
  const failures = new Map<string, string>();
  const holds = async ({ what, holds: look }: Condition): Promise<boolean> => {
    try {
      return await look();
    } catch (error) {
      // Who does not answer now may answer at the next look.
      failures.set(what, error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  let pending = [...conditions];
  for (;;) {
    const lookedAtMs = Date.now();
    await options.refresh();
    const tookMs = Date.now() - startedAtMs;
    failures.clear();
    const held = await Promise.all(pending.map(holds));
    for (const [index, { what }] of pending.entries()) if (held[index]) heldAfterMs.set(what, tookMs);
    pending = pending.filter((_, index) => !held[index]);
    const missing = pending.map(({ what }) =>
      failures.has(what) ? `${what} (${failures.get(what)})` : what,
    );
    if (missing.length === 0 || tookMs > options.limitMs || options.giveUp()) {
      return { ok: missing.length === 0, tookMs, heldAfterMs, missing };
    }
    options.progress.waitingFor(missing, startedAtMs);
    await sleep(Math.max(options.pollMs, Date.now() - lookedAtMs));
  }
}
