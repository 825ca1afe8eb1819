/** Tests that drive real programs. How many files run at a time is up to the project: they share one machine. */
export const realPrograms = {
  globalSetup: ['test/setup/programs.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  fileParallelism: false,
};
