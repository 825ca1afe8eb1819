import { defineConfig } from 'vitest/config';

// Three projects: `unit` needs nothing but Node; `integration` drives the real programs one by one; `e2e` runs the
// whole daemon in the lab. The real programs share one machine's kernel, so those files run one after another.
const real = {
  globalSetup: ['test/setup/programs.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  fileParallelism: false,
};

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', root: '.', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'integration', root: '.', include: ['test/integration/**/*.test.ts'], ...real } },
      {
        test: { name: 'e2e', root: '.', include: ['test/e2e/**/*.test.ts'], ...real, testTimeout: 180_000 },
      },
    ],
  },
});
