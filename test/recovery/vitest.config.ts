import { defineConfig } from 'vitest/config';
import { realPrograms } from '../setup/real-programs.js';

export default defineConfig({
  test: {
    ...realPrograms,
    globalSetup: [...realPrograms.globalSetup, 'test/recovery/setup.ts'],
    root: '.',
    include: ['test/recovery/**/*.test.ts'],
    reporters: ['default', './test/recovery/table-reporter.ts'],
    maxConcurrency: 16,
    testTimeout: 600_000,
  },
});
