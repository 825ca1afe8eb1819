import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const execute = promisify(execFile);
const { version } = JSON.parse(await readFile('package.json', 'utf8'));
let base = '';

beforeAll(async () => {
  await mkdir('.cache', { recursive: true });
  // In one file system with node_modules, of which there are only new names.
  base = await mkdtemp(resolve('.cache/release-'));
});

afterAll(() => rm(base, { recursive: true, force: true }));

/** A repository of the present source whose HEAD can be released. */
async function commitTo(directory: string): Promise<void> {
  await mkdir(directory);
  const { stdout } = await execute('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z']);
  const present = stdout.split('\0').filter((path) => path !== '');
  await execute('cp', ['--archive', '--parents', ...present, directory]);
  await appendFile(join(directory, 'CHANGELOG.md'), `\n## ${version}\n`);
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.net', '-c', 'commit.gpgsign=false'];
  const git = (...args: string[]) => execute('git', ['-C', directory, ...who, ...args]);
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'x');
  await git('tag', `v${version}`);
}

/** Builds the release in a directory of its own, and returns its sums. */
async function release(directory: string, umask: string, env: Record<string, string>): Promise<string> {
  await execute('cp', ['--archive', '--link', 'node_modules', directory]);
  await execute('cp', ['--archive', '--link', '.release/node_modules', join(directory, '.release')]);
  const command = `umask ${umask} && exec node .release/release.mjs`;
  // The level changes the size of the packages, and most of the time that this takes.
  const quickly = { DPKG_DEB_COMPRESSOR_LEVEL: '0' };
  await execute('/bin/sh', ['-c', command], { cwd: directory, env: { ...process.env, ...quickly, ...env } });
  return readFile(join(directory, 'release', version, 'SHA256SUMS'), 'utf8');
}

it('the same commit gives the same bytes, whatever the directory, umask, time zone and locale', async () => {
  const first = join(base, 'first');
  const second = join(base, 'a longer name', 'second');
  await commitTo(first);
  await mkdir(join(base, 'a longer name'));
  await execute('/bin/sh', ['-c', 'umask 077 && exec git clone --quiet "$0" "$1"', first, second]);
  const sums = await release(first, '022', { TZ: 'UTC', LC_ALL: 'C' });
  const names = sums.split('\n').map((line) => line.split('  ')[1]);
  expect(names).toEqual([
    'LICENCES.txt',
    `moenet-agent-${version}.tgz`,
    'moenet-agent-linux-amd64',
    'moenet-agent-linux-arm64',
    'moenet-agent.cdx.json',
    `moenet-agent_${version}_amd64.deb`,
    `moenet-agent_${version}_arm64.deb`,
    undefined,
  ]);
  expect(await release(second, '077', { TZ: 'Asia/Tokyo', LC_ALL: 'C.UTF-8' })).toBe(sums);
});
