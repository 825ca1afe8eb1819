import { describe, expect, it } from 'vitest';
import { neighborDaemons } from './neighbors.js';
import type { NodeOptions } from './node.js';
import { type Recovery, type TrialName, tryFault } from './trials.js';

declare module 'vitest' {
  interface TaskMeta {
    /** A cell of the table. */
    recovery?: {
      readonly neighbor: string;
      readonly options: NodeOptions;
      readonly trial: TrialName;
    } & Recovery;
  }
}

const cells = (['f', 'd', 'b', 'a', 'c9'] as const).flatMap((trial) =>
  (['defaults', 'ours'] as const).flatMap((options) =>
    Object.entries(neighborDaemons).map(([neighbor, daemon]) => ({ trial, options, neighbor, daemon })),
  ),
);

/** Seconds that a neighbor with defaults allows with our options. The figures themselves are in the table. */
const limits = { a: 20, b: 45, c9: 15, d: 45, f: 95 } as const;

// The longest first. Each has namespaces of its own, and mostly waits.
describe.concurrent('a session recovers', () => {
  for (const { trial, options, neighbor, daemon } of cells)
    it(`${trial}, ${options}, ${neighbor}`, async ({ task }) => {
      const recovery = await tryFault(trial, options, daemon);
      task.meta.recovery = { neighbor, options, trial, ...recovery };
      if (options === 'ours') expect(recovery.totalMs).toBeLessThan(limits[trial] * 1000);
    });
});
