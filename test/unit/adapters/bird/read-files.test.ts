import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFiles } from '../../../../src/adapters/bird/read-files.js';
import { run } from '../../../../src/platform/exec.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bird-files-'));
});

afterEach(() => rm(directory, { recursive: true }));

async function put(path: string, text: string) {
  await mkdir(join(directory, path, '..'), { recursive: true });
  await writeFile(join(directory, path), text);
}

it('an empty or absent directory has no files', async () => {
  expect(await readFiles(directory, 'full')).toEqual(new Map());
  expect(await readFiles(join(directory, 'absent'), 'include')).toEqual(new Map());
});

it('reads the files under the agent’s names of its mode, in order, and no others', async () => {
  await put('peers/b.conf', 'b');
  await put('peers/a.conf', 'a');
  await put('peers/a.conf.orig', 'no');
  await put('peers/.a.conf', 'no');
  await put('peers/sub/c.conf', 'no');
  await put('ibgp.d/i.conf', 'i');
  await put('moenet-agent/policy.conf', 'p');
  await put('moenet-agent.conf', 'include');
  await put('bird.conf', 'full');
  await put('other/o.conf', 'no');
  const rest = [
    ['ibgp.d/i.conf', 'i'],
    ['moenet-agent/policy.conf', 'p'],
    ['peers/a.conf', 'a'],
    ['peers/b.conf', 'b'],
  ];
  expect([...(await readFiles(directory, 'full'))]).toEqual([['bird.conf', 'full'], ...rest]);
  const included = await readFiles(directory, 'include');
  expect(Object.fromEntries(included)).toEqual(
    Object.fromEntries([['moenet-agent.conf', 'include'], ...rest]),
  );
});

it('reads the list of blocked ASNs as well', async () => {
  await put('blacklist.conf', 'list');
  expect([...(await readFiles(directory, 'full'))]).toEqual([['blacklist.conf', 'list']]);
});

it('leaves out links, pipes and directories, and does not wait for any of them', async () => {
  await put('peers/file.conf', 'text');
  await mkdir(join(directory, 'peers/directory.conf'));
  await symlink('/etc/hostname', join(directory, 'peers/link.conf'));
  await symlink('/etc', join(directory, 'ibgp.d'));
  await run('mkfifo', [join(directory, 'peers/pipe.conf')]);
  expect([...(await readFiles(directory, 'full')).keys()]).toEqual(['peers/file.conf']);
});

it('reads large files whole, and shows the start of one that is too large: it is not missing', async () => {
  const mark = '# moenet-agent:abc-123\n';
  const large = `${mark}${'# a line of a large file\n'.repeat(60_000)}`;
  await put('peers/large.conf', large);
  await put('peers/huge.conf', `${mark}${'x'.repeat(16 * 1024 * 1024)}`);
  const files = await readFiles(directory, 'full');
  expect(files.get('peers/large.conf')).toBe(large);
  expect(files.get('peers/huge.conf')).toMatch(/^# moenet-agent:abc-123\nx{4073}$/);
});
