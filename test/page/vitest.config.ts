import { defineConfig } from 'vitest/config';
import { realPrograms } from '../setup/real-programs.js';

// The page of the node in a real browser: Debian's chromium.
export default defineConfig({
  test: {
    ...realPrograms,
    globalSetup: [...realPrograms.globalSetup, 'test/page/setup.ts'],
    root: '.',
    include: ['test/page/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
