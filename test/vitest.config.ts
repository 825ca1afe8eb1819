import { defineConfig } from 'vitest/config';
import { realPrograms } from './setup/real-programs.js';

// Three projects: `unit` needs nothing but Node; `integration` drives the real programs one by one; `e2e` runs the
// whole daemon in the lab. `bird-matrix/vitest.config.ts` has the tests of the BIRDs that are not installed.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', root: '.', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'integration',
          root: '.',
          include: ['test/integration/**/*.test.ts'],
          ...realPrograms,
        },
      },
      {
        test: {
          name: 'e2e',
          root: '.',
          include: ['test/e2e/**/*.test.ts'],
          ...realPrograms,
          testTimeout: 180_000,
        },
      },
    ],
  },
});
