/** On a busy machine what usually takes milliseconds takes seconds; Vitest waits for one. */
export const patient = { poll: { timeout: 30_000 } };

/** Tests that drive real programs. How many files run at a time is up to the project: they share one machine. */
export const realPrograms = {
  globalSetup: ['test/setup/programs.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: patient,
  fileParallelism: false,
};
