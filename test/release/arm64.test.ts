import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunResult, run } from '../../src/platform/exec.js';
import { downloadPackages } from '../bird-matrix/debian-archive.js';

// The executable for the other architecture, in an emulator of its processor with Debian's libraries.

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-arm64-'));
  const libraries = { suite: 'bookworm', names: ['libstdc++6'], architecture: 'arm64' };
  await downloadPackages(run, { ...libraries, directory: join(directory, 'apt') });
  const archives = join(directory, 'apt/archives');
  for (const name of (await readdir(archives)).filter((file) => file.endsWith('.deb')))
    await run('dpkg-deb', ['-x', join(archives, name), join(directory, 'root')]);
  await promisify(execFile)(process.execPath, ['.release/executable.mjs', '--out', directory, 'arm64'], {
    env: { ...process.env, MOENET_AGENT_VERSION: '1.2.3' },
  });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function agent(...args: readonly string[]): Promise<RunResult> {
  const program = join(directory, 'moenet-agent-linux-arm64');
  const options = { okExitCodes: [78], timeoutMs: 120_000 };
  return run('qemu-aarch64-static', ['-L', join(directory, 'root'), program, ...args], options);
}

it('is for arm64, and says its version', async () => {
  // EM_AARCH64 in the ELF header.
  const header = await readFile(join(directory, 'moenet-agent-linux-arm64'));
  expect(header.readUInt16LE(18)).toBe(183);
  expect((await agent('--version')).stdout).toBe('1.2.3');
});

it('checks a configuration', async () => {
  const path = join(directory, 'config.json');
  const bootstrap = { apiUrl: 'https://api.example.net', nodeName: 'jp1', token: 'long-enough-a-token' };
  await writeFile(path, JSON.stringify({ bootstrap }), { mode: 0o600 });
  expect((await agent('check-config', '--config', path)).exitCode).toBe(0);
  await writeFile(path, JSON.stringify({ bootstrap: { ...bootstrap, apiUrl: 7 } }), { mode: 0o600 });
  expect((await agent('check-config', '--config', path)).exitCode).toBe(78);
});
