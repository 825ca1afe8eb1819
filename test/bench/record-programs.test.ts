import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parsePrograms } from './programs.js';

const starts = `const { execFile, spawn } = require('node:child_process');
spawn('/bin/echo', ['one', 'two']);
execFile('true');
spawn('no-such-program').on('error', () => {});
console.log(Object.keys(process.env).includes('BENCH_PROGRAMS'));`;

it('each program that starts is written down, also by its path; one that does not start is not', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-bench-'));
  const log = join(directory, 'programs.log');
  const args = ['--require', resolve('test/bench/record-programs.cjs'), '-e', starts];
  const { stdout } = await promisify(execFile)('node', args, {
    env: { ...process.env, BENCH_PROGRAMS: log },
  });
  const text = await readFile(log, 'utf8');
  await rm(directory, { recursive: true });
  expect(parsePrograms(text).map((program) => program.text)).toEqual(['/bin/echo one', 'true']);
  expect(text).toMatch(/^peak \d{5,}$/m);
  expect(stdout).toBe('false\n');
});
