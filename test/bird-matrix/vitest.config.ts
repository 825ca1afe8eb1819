import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { searchPath } from '../../src/platform/child-environment.js';
import { LongestFirst } from '../setup/longest-first.js';
import { realPrograms } from '../setup/real-programs.js';
import { type Release, selectedReleases } from './releases.js';

// A project for each BIRD: every test that drives a BIRD, with this one first in the PATH.
export default defineConfig({
  test: {
    reporters: ['default', './test/bird-matrix/table-reporter.ts'],
    sequence: { sequencer: LongestFirst },
    projects: selectedReleases().map(projectOf),
  },
});

function projectOf(release: Release, groupOrder: number) {
  return {
    test: {
      ...realPrograms,
      // Each test has namespaces of its own, and mostly waits.
      fileParallelism: true,
      maxWorkers: 4,
      name: release.name,
      root: '.',
      include: ['test/integration/bird/**/*.test.ts', 'test/bird-matrix/**/*.test.ts'],
      globalSetup: [...realPrograms.globalSetup, 'test/bird-matrix/setup.ts'],
      env: { MOENET_BIRD: release.name, PATH: `${join(release.directory, 'bin')}:${searchPath()}` },
      sequence: { groupOrder },
    },
  };
}
