import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, release } from 'node:os';
import { run } from '../../src/platform/exec.js';
import type { RowName } from './rows.js';

/** What was measured of one row with so many sessions, a value for each run. Counts are the same in all runs. */
export interface Figure {
  readonly row: RowName;
  readonly sessions: number;
  readonly values: readonly number[];
}

/** Where it was measured: what absolute times depend on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
  readonly bird: string;
  readonly wireguard: 'kernel' | 'wireguard-go';
}

/** What a run of the bench writes down, and what is committed of the last one. */
export interface Result {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

export async function thisMachine(wireguard: Machine['wireguard']): Promise<Machine> {
  const { stdout, stderr } = await run('bird', ['--version'], { okExitCodes: [0, 1] });
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    kernel: release(),
    node: process.version,
    bird: /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown',
    wireguard,
  };
}

/** Undefined where there is no such file. */
export async function readResult(file: string): Promise<Result | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}
