import { defineConfig } from 'vitest/config';
import { LongestFirst } from './setup/longest-first.js';
import { needsNamespaces } from './setup/needs-namespaces.js';
import { patient, realPrograms } from './setup/real-programs.js';

// All run beside each other: the tests of real programs mostly wait, in namespaces of their own, and leave the processors to `unit`. A
// process runs many files: to start one for each, and to load what it imports, takes longer than most files do.
const together = { isolate: false, maxWorkers: 6, sequence: { groupOrder: 0 } };

const withPrograms = { ...realPrograms, globalSetup: ['test/setup/programs-or-skip.ts'] };
const plugins = [needsNamespaces()];

/** The whole daemon against a control plane that speaks `dialect`. */
function endToEnd(name: string, dialect: string, include: string) {
  return {
    plugins,
    test: {
      name,
      root: '.',
      include: [include],
      env: { MOENET_TEST_DIALECT: dialect },
      ...withPrograms,
      ...together,
      fileParallelism: true,
      maxConcurrency: 3,
      testTimeout: 600_000,
    },
  };
}

// `unit` needs nothing but Node; `integration` drives the real programs; `e2e` runs the whole daemon. A dialect changes what
// the daemon asks and tells, and nothing behind that: `e2e-moenet-core` has only `control-plane.test.ts`. `bird-matrix/vitest.config.ts` has the tests of the BIRDs that are not installed.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          root: '.',
          include: ['test/unit/**/*.test.ts'],
          ...together,
          // Some seconds on a busy machine for what else takes one; the longest simulate weeks.
          testTimeout: 600_000,
          expect: patient,
        },
      },
      {
        plugins,
        test: {
          name: 'integration',
          root: '.',
          include: ['test/integration/**/*.test.ts'],
          ...withPrograms,
          ...together,
          fileParallelism: true,
        },
      },
      endToEnd('e2e', 'documented', 'test/e2e/**/*.test.ts'),
      endToEnd('e2e-moenet-core', 'moenet-core', 'test/e2e/control-plane.test.ts'),
    ],
  },
});
