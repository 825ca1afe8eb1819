import { expect, it } from 'vitest';
import { run } from '../../../src/platform/exec.js';
import { watchedRun } from '../../../src/platform/watched-run.js';

it('tells how each program ended, by its name, and changes neither result nor error', async () => {
  const ends: string[][] = [];
  const watched = watchedRun(run, (program, end) => ends.push([program, end]));
  const node = (script: string) => [process.execPath, ['-e', script]] as const;
  expect((await watched(...node('console.log("yes")'))).stdout).toBe('yes');
  await watched(...node('process.exit(1)'), { okExitCodes: [1] });
  await expect(watched(...node('process.exit(3)'))).rejects.toThrow('exit code 3');
  await expect(watched('/no/such-program', [])).rejects.toThrow('is not installed');
  await expect(watched('sleep', ['60'], { timeoutMs: 50 })).rejects.toThrow('did not finish within 0.05 s');
  expect(ends).toEqual([
    ['node', 'ok'],
    ['node', 'ok'],
    ['node', 'failed'],
    ['such-program', 'missing'],
    ['sleep', 'timeout'],
  ]);
});
