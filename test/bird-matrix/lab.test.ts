import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Namespace } from '../../src/lab/namespace.js';
import { expectAllHeld, expectNothingLeft } from '../e2e/lab/held-lab.js';
import { allSteps } from '../e2e/lab/lab-outcome.js';
import { type LabProcess, machineState, openMachine, startLab } from '../e2e/lab/lab-process.js';
import { installedVersion } from '../integration/bird/routers/running-bird.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let machine: Namespace;
let lab: LabProcess | undefined;

beforeEach(async () => {
  machine = await openMachine();
});

afterEach(async () => {
  lab?.process.kill('SIGKILL');
  await lab?.exit;
  await machine.close();
});

// As small as it can be with a mesh, all three kinds of sessions, and every step.
it('a lab of two nodes and three peers, all with this BIRD, holds every check of every step', async () => {
  const before = await machineState(machine);
  const args = ['--once', '--json', '--nodes', '2', '--peers', '3'];
  lab = await startLab(machine, process.execPath, [main, 'lab', ...args]);
  const exitCode = await lab.exit;
  const { bird } = expectAllHeld(lab, 'documented', allSteps);
  expect(exitCode, lab.stderr()).toBe(0);
  expect(bird).toEqual([await installedVersion()]);
  await expectNothingLeft(machine, lab, before);
}, 400_000);
