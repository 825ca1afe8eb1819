import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { requireFree, writePrivate } from '../../../src/bundle/write.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-bundle-'));
  path = join(directory, 'bundle.tar.gz');
});
afterEach(() => rm(directory, { recursive: true }));

it('writes a file that only its owner can read, and nothing beside it', async () => {
  await requireFree(path, { force: false });
  await writePrivate(path, Buffer.from('abc'), { force: false });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['bundle.tar.gz']);
});

it('replaces a file only where it is told to', async () => {
  await writeFile(path, 'before', { mode: 0o644 });
  await expect(requireFree(path, { force: false })).rejects.toThrow(`${path} exists; --force replaces it`);
  await expect(writePrivate(path, Buffer.from('abc'), { force: false })).rejects.toThrow('EEXIST');
  expect(await readFile(path, 'utf8')).toBe('before');
  await requireFree(path, { force: true });
  await writePrivate(path, Buffer.from('abc'), { force: true });
  expect(await readFile(path, 'utf8')).toBe('abc');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('never replaces a directory, a device or a link', async () => {
  await mkdir(path);
  await expect(requireFree(path, { force: true })).rejects.toThrow('is no regular file');
  await expect(requireFree('/dev/null', { force: true })).rejects.toThrow('is no regular file');
  await symlink('/etc/hostname', join(directory, 'link'));
  await expect(requireFree(join(directory, 'link'), { force: true })).rejects.toThrow('is no regular file');
});

it('makes no directory', async () => {
  await expect(requireFree(join(directory, 'a/b'), { force: false })).rejects.toThrow(
    `${directory}/a is no directory`,
  );
});
