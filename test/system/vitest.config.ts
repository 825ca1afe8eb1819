import { defineConfig } from 'vitest/config';
import { realPrograms } from '../setup/real-programs.js';
import { selectedDebians } from './debian.js';

// A project for each Debian: a container with systemd as its first process, in which the agent is installed as on a router.
export default defineConfig({
  test: {
    projects: selectedDebians().map(({ suite }, groupOrder) => ({
      test: {
        ...realPrograms,
        name: suite,
        root: '.',
        include: ['test/system/**/*.test.ts'],
        globalSetup: [...realPrograms.globalSetup, 'test/system/setup.ts'],
        env: { MOENET_SUITE: suite },
        testTimeout: 600_000,
        hookTimeout: 900_000,
        sequence: { groupOrder },
      },
    })),
  },
});
