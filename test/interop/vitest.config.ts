import { defineConfig } from 'vitest/config';
import { realPrograms } from '../setup/real-programs.js';

export default defineConfig({
  test: {
    ...realPrograms,
    globalSetup: [...realPrograms.globalSetup, 'test/interop/setup.ts'],
    root: '.',
    include: ['test/interop/**/*.test.ts'],
    reporters: ['default', './test/interop/table-reporter.ts'],
    maxConcurrency: 6,
    testTimeout: 240_000,
  },
});
