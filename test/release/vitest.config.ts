import { defineConfig } from 'vitest/config';

// What a release is built of, the whole way: it takes minutes.
export default defineConfig({
  test: {
    name: 'release',
    root: '.',
    include: ['test/release/**/*.test.ts'],
    globalSetup: ['test/release/setup.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
