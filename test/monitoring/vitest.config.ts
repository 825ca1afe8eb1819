import { defineConfig } from 'vitest/config';
import { realPrograms } from '../setup/real-programs.js';

// Debian's Prometheus on real nodes in namespaces of their own, which mostly wait: they run beside each other.
export default defineConfig({
  test: {
    ...realPrograms,
    globalSetup: [...realPrograms.globalSetup, 'test/monitoring/setup.ts'],
    root: '.',
    include: ['test/monitoring/**/*.test.ts'],
    fileParallelism: true,
    maxWorkers: 2,
    maxConcurrency: 4,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
