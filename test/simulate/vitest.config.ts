import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { root: '.', include: ['test/simulate/**/*.test.ts'], testTimeout: 600_000 },
});
