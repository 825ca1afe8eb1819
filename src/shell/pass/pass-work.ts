import type { PassWork } from '../ports/work.js';
import type { PassResult } from './context.js';

/** What a pass did that took `tookMs`; without a result it could not read the system. */
export function passWork(result: PassResult | undefined, tookMs: number): PassWork {
  const outcomes = result?.outcomes ?? [];
  const done = outcomes.filter(({ isDone }) => isDone).length;
  return {
    isComplete: result !== undefined,
    durationMs: result?.durationMs ?? tookMs,
    done,
    failed: outcomes.length - done,
  };
}
