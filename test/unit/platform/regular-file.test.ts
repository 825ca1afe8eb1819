import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../../src/platform/exec.js';
import { readProblem, readRegular, readTextFile } from '../../../src/platform/regular-file.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-regular-'));
});
afterEach(() => rm(directory, { recursive: true }));

const path = (name: string) => join(directory, name);
const problem = (promise: Promise<unknown>) => promise.then(() => 'read', readProblem);

it('reads a file with its mode, and follows a link to it', async () => {
  await writeFile(path('file'), 'text', { mode: 0o640 });
  await symlink('file', path('link'));
  expect(await readTextFile(path('link'))).toEqual({ text: 'text', mode: 0o640 });
  expect(await problem(readTextFile(path('link'), { links: 'refuse' }))).toContain('a symbolic link');
});

it('reads files whose size the kernel does not tell, and all of a large one', async () => {
  expect((await readTextFile('/proc/self/status')).text).toContain('Name:');
  const text = 'x'.repeat(300_000);
  await writeFile(path('large'), text);
  expect((await readTextFile(path('large'))).text).toBe(text);
});

it('says at once what else is there', async () => {
  await run('mkfifo', [path('fifo')]);
  const server = createServer().listen(path('socket'));
  await writeFile(path('large'), 'x'.repeat(11));
  expect(await problem(readTextFile(path('fifo')))).toBe('it is a FIFO, not a regular file');
  expect(await problem(readTextFile('/dev/zero'))).toBe('it is a device, not a regular file');
  expect(await problem(readTextFile(directory))).toBe('it is a directory, not a regular file');
  expect(await problem(readTextFile(path('socket')))).toBe('it is a socket, not a regular file');
  expect(await problem(readTextFile(path('absent')))).toBe('there is no such file');
  expect(await problem(readTextFile(path('large'), { maxBytes: 10 }))).toBe('it has more than 10 bytes');
  // Of no size, and without an end.
  expect(await problem(readTextFile('/proc/self/pagemap'))).toBe('it has more than 1048576 bytes');
  server.close();
});

it('returns undefined for a path that is no regular file', async () => {
  await run('mkfifo', [path('fifo')]);
  await symlink('/etc/hostname', path('link'));
  for (const each of [path('fifo'), '/dev/zero', directory, path('absent'), path('link')])
    expect(await readRegular(each)).toBeUndefined();
  await symlink('loop', path('loop'));
  expect(await readRegular(path('loop'), 'utf8', 'follow')).toBeUndefined();
});
