import { defineConfig } from 'vitest/config';

/** The same tests as on this machine, where the tunnels are wireguard-go's. */
const ofHostAdapters = ['links', 'render-wireguard', 'sync-config', 'wireguard-ports'].map(
  (name) => `test/integration/host/${name}.test.ts`,
);

// Vitest and the tests run here, and what they drive in the virtual machine: an emulated Vitest would take minutes to start.
// The files take turns, for there is one machine.
export default defineConfig({
  test: {
    root: '.',
    include: ['test/kernel/**/*.test.ts', ...ofHostAdapters],
    globalSetup: ['test/kernel/setup.ts'],
    fileParallelism: false,
    // Longer than what is done inside may take: that fails with the end of the console.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
