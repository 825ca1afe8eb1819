import { expect } from 'vitest';
import type { Namespace } from '../../../src/lab/namespace.js';
import type { Result } from './lab-outcome.js';
import { type LabProcess, type MachineState, machineState, processesIn, until } from './lab-process.js';

/** The outcome of a lab that was run with `--json`, in which every check held, and every one of these steps. */
export function expectAllHeld(started: LabProcess, dialect: string, steps: readonly string[]): Result {
  const result: Result = JSON.parse(started.stdout() || '{"checks":[],"steps":[]}');
  const failed = result.checks.filter(({ ok }) => !ok).map(({ name, seen }) => `${name}: ${seen}`);
  expect(failed.join('\n'), started.stderr()).toBe('');
  expect(result.missing).toEqual([]);
  expect(result.dialect).toBe(dialect);
  expect(result.steps.map(({ name, ok }) => [name, ok])).toEqual(steps.map((name) => [name, true]));
  return result;
}

/** `before` is the machine's state from before the lab. */
export async function expectNothingLeft(
  machine: Namespace,
  { pidNamespace }: LabProcess,
  before: MachineState,
): Promise<void> {
  await until('the lab’s processes to end', async () => (await processesIn(pidNamespace)).length === 0);
  const { mounts, ...rest } = await machineState(machine);
  // What others unmount meanwhile is gone here, too.
  const left = mounts.filter((mount) => !before.mounts.includes(mount));
  expect({ ...rest, mounts: left }).toEqual({ ...before, mounts: [] });
}
