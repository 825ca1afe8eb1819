import { defineConfig } from 'vitest/config';
import { LongestFirst } from './setup/longest-first.js';
import { realPrograms } from './setup/real-programs.js';

/** More than there are processors: these tests have namespaces of their own, and mostly wait. */
const maxWorkers = 4;

/** The whole daemon against a control plane that speaks `dialect`. */
function endToEnd(name: string, dialect: string, include: string) {
  return {
    test: {
      name,
      root: '.',
      include: [include],
      env: { MOENET_TEST_DIALECT: dialect },
      ...realPrograms,
      fileParallelism: true,
      maxWorkers,
      maxConcurrency: 3,
      sequence: { groupOrder: 1 },
      testTimeout: 600_000,
    },
  };
}

// `unit` needs nothing but Node; `integration` drives the real programs; `e2e` runs the whole daemon. A dialect changes what
// the daemon asks and tells, and nothing behind that: `e2e-moenet-core` has only the test of that path. `bird-matrix/vitest.config.ts` has the tests of the BIRDs that are not installed.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          root: '.',
          include: ['test/unit/**/*.test.ts'],
          sequence: { groupOrder: 0 },
          // A process for many files: to start one for each takes longer than they do.
          isolate: false,
          maxWorkers: 2,
          // Some seconds on a busy machine for what else takes one; the longest simulate weeks.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          root: '.',
          include: ['test/integration/**/*.test.ts'],
          ...realPrograms,
          fileParallelism: true,
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      endToEnd('e2e', 'documented', 'test/e2e/**/*.test.ts'),
      endToEnd('e2e-moenet-core', 'moenet-core', 'test/e2e/agent.test.ts'),
    ],
  },
});
