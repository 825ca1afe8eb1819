import { spawnSync } from 'node:child_process';
import { root } from './version.mjs';

/**
 * Runs a program in the project's directory and returns its output; its errors are shown where it fails, with `hint`.
 * Throws then.
 */
export function run(program, args, { hint = '', ...options } = {}) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
    ...options,
  });
  if (error !== undefined) throw new Error(`${program}: ${error.message}${hint}`);
  if (status === 0) return stdout;
  process.stderr.write(stderr);
  throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
}
