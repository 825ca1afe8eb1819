import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFor, writeFileAtomic, writeFilesAtomic } from '../../../src/platform/atomic-file.js';
import { watchFiles } from '../../fakes/watched-files.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atomic-'));
  path = join(directory, 'a.conf');
});

afterEach(() => rm(directory, { recursive: true }));

it('writes a whole file with exactly the mode and leaves nothing beside it', async () => {
  const umask = process.umask(0o077);
  await writeFileAtomic(path, 'text', { mode: 0o644 }).finally(() => process.umask(umask));
  expect(await readFile(path, 'utf8')).toBe('text');
  expect((await stat(path)).mode & 0o777).toBe(0o644);
  expect(await readdir(directory)).toEqual(['a.conf']);
});

it('has the bytes on the disk before they get the name, and the name before it returns', async () => {
  const watched = watchFiles(directory);
  await writeFileAtomic(path, 'text', { mode: 0o600 }).finally(watched.end);
  expect(watched.steps).toEqual([
    'write .a.conf.*.tmp',
    'sync .a.conf.*.tmp',
    'rename .a.conf.*.tmp a.conf',
    'sync .',
  ]);
});

it('replaces text and mode of a file that is there', async () => {
  await writeFile(path, 'a longer text', { mode: 0o666 });
  await writeFileAtomic(path, 'text', { mode: 0o600 });
  expect(await readFile(path, 'utf8')).toBe('text');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('gives the file to the group and the user it was told', async () => {
  const { uid, gid } = await stat(directory);
  await writeFileAtomic(path, 'text', { mode: 0o640, uid, gid });
  expect(await stat(path)).toMatchObject({ uid, gid });
});

it('replaces a symbolic link and not what it points to', async () => {
  const target = join(directory, 'target');
  await writeFile(target, 'target');
  await symlink(target, path);
  await writeFileAtomic(path, 'text', { mode: 0o600 });
  expect(await readFile(target, 'utf8')).toBe('target');
  await expect(readlink(path)).rejects.toThrow('EINVAL');
});

it('leaves nothing behind when it cannot take the name', async () => {
  await mkdir(join(path, 'in-the-way'), { recursive: true });
  await expect(writeFileAtomic(path, 'text', { mode: 0o600 })).rejects.toThrow();
  expect(await readdir(directory)).toEqual(['a.conf']);
});

it('shows a reader the old text or the new one, never a part', async () => {
  const texts = ['a'.repeat(100_000), 'b'.repeat(200_000)];
  await writeFileAtomic(path, texts[0] ?? '', { mode: 0o600 });
  const writing = Array.from({ length: 10 }, (_, turn) =>
    writeFileAtomic(path, texts[turn % 2] ?? '', { mode: 0o600 }),
  );
  for (let read = 0; read < 50; read += 1) expect(texts).toContain(await readFile(path, 'utf8'));
  await Promise.all(writing);
});

it('tells its temporary names from others', () => {
  expect(temporaryFor('.a.conf.0123456789abcdef.tmp')).toBe('a.conf');
  expect(temporaryFor('.a.conf.swp')).toBeUndefined();
  expect(temporaryFor('a.conf.0123456789abcdef.tmp')).toBeUndefined();
});

it('writes several: the bytes of all before the first name, the names in their order, one sync of each directory', async () => {
  const names = ['b.conf', 'a.conf', 'c.conf'];
  const watched = watchFiles(directory);
  await writeFilesAtomic(
    names.map((name) => ({ path: join(directory, name), text: name, mode: 0o600 })),
  ).finally(watched.end);
  expect(watched.steps.slice(-4)).toEqual([
    'rename .b.conf.*.tmp b.conf',
    'rename .a.conf.*.tmp a.conf',
    'rename .c.conf.*.tmp c.conf',
    'sync .',
  ]);
  expect(watched.steps.slice(0, -4).toSorted()).toEqual(
    ['a', 'b', 'c'].flatMap((name) => [`sync .${name}.conf.*.tmp`, `write .${name}.conf.*.tmp`]).toSorted(),
  );
});

it('leaves no sibling behind where one of several cannot be written', async () => {
  const files = ['a.conf', 'missing/b.conf', 'c.conf'].map((name) => join(directory, name));
  await expect(
    writeFilesAtomic(files.map((each) => ({ path: each, text: 'text', mode: 0o600 }))),
  ).rejects.toThrow('ENOENT');
  expect(await readdir(directory)).toEqual([]);
});
