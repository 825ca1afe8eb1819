import type { TestProject } from 'vitest/node';
import { ensurePrograms } from '../../src/lab/ensure-programs.js';
import { run } from '../../src/platform/exec.js';
import type { Place } from './connection.js';
import { fetchImage } from './image.js';
import { startMachine } from './machine.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Only in the tests of test/kernel there is one. */
    readonly machine: Place | undefined;
  }
}

/** Before the first test the virtual machine runs, and after the last it does not; without it the run fails here. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.arch !== 'x64')
    throw new Error(`the virtual machine is of x86-64, and this Node of ${process.arch}`);
  const log = (text: string) => console.error(text);
  await ensurePrograms({ names: ['cpio', 'qemu-system-x86_64', 'setpriv'], install: true, run, log });
  const image = await fetchImage(run, log);
  const startedMs = Date.now();
  const machine = await startMachine(image);
  log(`the virtual machine is up after ${Math.round((Date.now() - startedMs) / 1000)} s`);
  project.provide('machine', machine.place);
  return machine.stop;
}
