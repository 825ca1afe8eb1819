import { readFile } from 'node:fs/promises';
import { ProgramError, type Run, type RunOptions, type RunResult } from '../../platform/exec.js';

/**
 * Runs a program that leaves a daemon. Where this process is in a service of systemd, it does so in a scope of its own: systemd ends
 * what is in a service when it stops or restarts that one, unless the unit says otherwise, as that of MoeNet's bootstrap script does
 * not. Where a scope cannot be had, or the program fails in it, the program runs as usual and gives its own reason.
 */
export async function runOutsideService(
  run: Run,
  [program, ...args]: readonly [string, ...string[]],
  options: RunOptions,
  cgroupFile = '/proc/self/cgroup',
): Promise<RunResult> {
  const plain = () => run(program, args, options);
  const cgroup = await readFile(cgroupFile, 'utf8').catch(() => '');
  if (process.geteuid?.() !== 0 || !/\.service$/m.test(cgroup)) return plain();
  const inScope = ['--scope', '--quiet', '--collect', '--', program, ...args];
  try {
    const result = await run('systemd-run', inScope, options);
    if (result.exitCode === 0) return result;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
  }
  return plain();
}
