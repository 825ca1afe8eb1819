import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from '../../src/lab/namespace.js';

/** How a program ran to its end. CPU is of it and of all that it has waited for: what outlives it is not in it. */
export interface Timed {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly exitCode: number;
  readonly output: string;
}

// The shell's own accounting: user and system seconds of the children, to a millisecond.
const script = `TIMEFORMAT='%U %S %R'
{ time "\${@:3}" >"$2" 2>&1; } 2>"$1"`;

let number = 0;

/** Runs a program in the namespace. */
export async function timed(
  namespace: Namespace,
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Timed> {
  number += 1;
  const file = (name: string) => join(tmpdir(), `moenet-bench-${process.pid}-${number}.${name}`);
  const [times, output] = [file('times'), file('output')];
  const args = ['-c', script, 'timed', times, output, ...command];
  const child = namespace.spawn('bash', args, { env, stdio: 'ignore' });
  await once(child, 'exit');
  const [user = 0, system = 0, wallSeconds = 0] = (await readFile(times, 'utf8'))
    .trim()
    .split(' ')
    .map(Number);
  const text = await readFile(output, 'utf8');
  await Promise.all([times, output].map((each) => rm(each)));
  return { cpuSeconds: user + system, wallSeconds, exitCode: child.exitCode ?? -1, output: text };
}
