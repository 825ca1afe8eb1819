/** Tests that drive real programs: those share one machine's kernel, so the files run one after another. */
export const realPrograms = {
  globalSetup: ['test/setup/programs.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  fileParallelism: false,
};
