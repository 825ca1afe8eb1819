import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/platform/exec.js';

// A repository of its own with the files that the check reads; its tests go on from each other.
let repository = '';

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'moenet-agent-repository-'));
  const files = [
    '.release/release.mjs',
    '.release/check.mjs',
    '.release/version.mjs',
    'package.json',
    'CHANGELOG.md',
  ];
  for (const file of files) await cp(file, join(repository, file));
  await git('init', '--quiet');
  await edit('package.json', (text) => text.replace(/"version": "[^"]+"/, '"version": "1.2.3"'));
  await commit();
});
afterAll(() => rm(repository, { recursive: true }));

async function git(...args: string[]): Promise<void> {
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.net', '-c', 'commit.gpgsign=false'];
  await run('git', ['-C', repository, ...identity, ...args]);
}

async function commit(): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'x');
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(repository, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

async function check(): Promise<string> {
  const program = join(repository, '.release/release.mjs');
  const { exitCode, stdout, stderr } = await run(process.execPath, [program, '--check'], {
    okExitCodes: [1],
  });
  return `${exitCode}: ${stdout}${stderr}`;
}

describe('a release is refused', () => {
  it('without a tag, and with a tag of another version', async () => {
    expect(await check()).toBe('1: HEAD needs one tag such as v1.2.3, and has none.');
    await git('tag', 'v1.2.4');
    expect(await check()).toContain('1: The tag is v1.2.4, but package.json has version 1.2.3.');
    await git('tag', '--delete', 'v1.2.4');
  });

  it('without a section of its version in CHANGELOG.md', async () => {
    await git('tag', 'v1.2.3');
    expect(await check()).toContain('1: CHANGELOG.md has no section "## 1.2.3".');
  });

  it('with changes that are not committed', async () => {
    await edit('CHANGELOG.md', (text) => text.replace('## Unreleased', '## 1.2.3 - 2026-11-26'));
    expect(await check()).toBe(
      '1: The tree differs from HEAD. Commit or remove this first:\n M CHANGELOG.md',
    );
  });
});

it('a clean tree with a tag and a section can be released', async () => {
  await commit();
  expect(await check()).toContain('1: HEAD needs one tag');
  await git('tag', '--force', 'v1.2.3');
  expect(await check()).toBe('0: HEAD can be released as 1.2.3.');
  await appendFile(join(repository, 'new'), '');
  expect(await check()).toContain('?? new');
});
