import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeNewFile } from '../../../src/platform/write-new-file.js';
import { watchFiles } from '../../fakes/watched-files.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'new-file-'));
});

afterEach(() => rm(directory, { recursive: true }));

it('has a new key on the disk, with its name and its directory, before it returns', async () => {
  const watched = watchFiles(directory);
  await writeNewFile(join(directory, 'keys/private.key'), 'key', 0o600).finally(watched.end);
  expect(watched.steps).toEqual([
    'mkdir keys',
    'sync .',
    'write keys/.private.key.*.tmp',
    'sync keys/.private.key.*.tmp',
    'link keys/.private.key.*.tmp keys/private.key',
    'sync keys',
    'rm keys/.private.key.*.tmp',
  ]);
});

it('leaves a key that is there as it is, and nothing beside it', async () => {
  const path = join(directory, 'private.key');
  await writeNewFile(path, 'first', 0o600);
  await expect(writeNewFile(path, 'second', 0o600)).rejects.toThrow('EEXIST');
  expect([await readdir(directory), await readFile(path, 'utf8')]).toEqual([['private.key'], 'first']);
});
