import type { PassProgress } from '../core/verdict/progress.js';
import type { Clock } from './ports/host.js';

/** Records what the agent is doing, so that a hung pass shows. */
export interface Progress {
  /** Runs a task that no pass may overlap: a pass, an operator's command. */
  task<T>(task: () => Promise<T>): Promise<T>;
  /** Runs a step, inside a task or alone; `name` says for people what it does. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A pass ends; `isComplete`: it has read the system. */
  passEnds(isComplete: boolean): void;
  readonly now: PassProgress;
}

/** `onProgress` is called for each step and each pass that ends. */
export function openProgress(clock: Clock, onProgress: () => void): Progress {
  const beganMs = clock.monotonic();
  let completedMs: number | undefined;
  let endedMs: number | undefined;
  let running: { readonly sinceMs: number; lastStepMs: number } | undefined;
  const steps = new Set<{ readonly name: string }>();
  return {
    task: async (task) => {
      const sinceMs = clock.monotonic();
      running = { sinceMs, lastStepMs: sinceMs };
      try {
        return await task();
      } finally {
        running = undefined;
        onProgress();
      }
    },
    step: async (name, work) => {
      const step = { name };
      steps.add(step);
      try {
        return await work();
      } finally {
        steps.delete(step);
        if (running) running.lastStepMs = clock.monotonic();
        onProgress();
      }
    },
    passEnds: (isComplete) => {
      endedMs = clock.monotonic();
      if (isComplete) completedMs = endedMs;
    },
    get now() {
      return {
        beganMs,
        completedMs,
        endedMs,
        running: running && { ...running, steps: [...steps].map(({ name }) => name) },
      };
    },
  };
}
