import { defineConfig } from 'vitest/config';
import { LongestFirst } from '../setup/longest-first.js';
import { realPrograms } from '../setup/real-programs.js';
import { maxConcurrency } from './harness/concurrency.js';

// Each test has nodes in namespaces of their own, and mostly waits: they run beside each other.
export default defineConfig({
  test: {
    ...realPrograms,
    root: '.',
    include: ['test/faults/**/*.test.ts'],
    reporters: ['default', './test/faults/harness/table-reporter.ts'],
    fileParallelism: true,
    maxWorkers: 4,
    maxConcurrency,
    sequence: { sequencer: LongestFirst },
    testTimeout: 300_000,
    // A hook sets up a node and changes it as a test does.
    hookTimeout: 300_000,
  },
});
