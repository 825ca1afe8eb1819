import { expect } from 'vitest';
import { dialect } from './dialect.js';
import { allSteps, type Result } from './lab-outcome.js';
import { type LabProcess, machineState, processesIn, until } from './lab-process.js';

/** Every check and every step of a lab that was run with `--json`. */
export function expectAllHeld(started: LabProcess): Result {
  const result: Result = JSON.parse(started.stdout() || '{"checks":[],"steps":[]}');
  const failed = result.checks.filter(({ ok }) => !ok).map(({ name, seen }) => `${name}: ${seen}`);
  expect(failed.join('\n'), started.stderr()).toBe('');
  expect(result.missing).toEqual([]);
  expect(result.dialect).toBe(dialect);
  expect(result.steps.map(({ name, ok }) => [name, ok])).toEqual(allSteps.map((name) => [name, true]));
  return result;
}

/** `before` is the machine's state from before the lab. */
export async function expectNothingLeft({ pidNamespace }: LabProcess, before: unknown): Promise<void> {
  await until('the lab’s processes to end', async () => (await processesIn(pidNamespace)).length === 0);
  expect(await machineState()).toEqual(before);
}
