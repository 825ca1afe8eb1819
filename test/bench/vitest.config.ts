import { defineConfig } from 'vitest/config';
import { realPrograms } from '../setup/real-programs.js';

// It measures: nothing runs beside it.
export default defineConfig({
  test: { ...realPrograms, root: '.', include: ['test/bench/**/*.test.ts'], hookTimeout: 300_000 },
});
