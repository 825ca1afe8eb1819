import { defineConfig } from 'vitest/config';
import { realPrograms } from '../setup/real-programs.js';

// Each file opens nodes in namespaces of their own, and mostly waits: the files run beside each other.
export default defineConfig({
  test: {
    ...realPrograms,
    root: '.',
    include: ['test/faults/**/*.test.ts'],
    reporters: ['default', './test/faults/table-reporter.ts'],
    fileParallelism: true,
    maxWorkers: 3,
    testTimeout: 300_000,
  },
});
