import { chmod, mkdtemp, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBirdText } from '../../../../src/adapters/bird/bird-text.js';
import { openUnchangedTexts } from '../../../../src/adapters/bird/unchanged-texts.js';

let directory: string;
let file: string;
/** Paths that were read, since this was asked last. */
let read: string[];
/** Seconds after now in which the reader believes to be. */
let later: number;
let texts: ReturnType<typeof openUnchangedTexts>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bird-texts-'));
  file = join(directory, 'peer.conf');
  read = [];
  later = 10;
  texts = openUnchangedTexts(
    (path) => {
      read.push(path);
      return readBirdText(path);
    },
    () => Date.now() + later * 1000,
  );
});

afterEach(() => rm(directory, { recursive: true }));

/** Until the kernel's clock, which ticks every few milliseconds, has another time than the file. */
async function untilLater(): Promise<void> {
  const changedAt = async (path: string) => (await stat(path, { bigint: true })).ctimeNs;
  const before = await changedAt(file);
  const probe = join(directory, 'probe');
  do await writeFile(probe, '');
  while ((await changedAt(probe)) === before);
}

const reads = () => read.splice(0).length;

it('a file that did not change is read once', async () => {
  await writeFile(file, 'one');
  expect([await texts.read(file), await texts.read(file), await texts.read(file)]).toEqual(
    Array(3).fill('one'),
  );
  expect(reads()).toBe(1);
});

it.each<[string, () => Promise<unknown>, string | undefined]>([
  ['an edit', () => writeFile(file, 'two'), 'two'],
  [
    'an edit of the same length whose time of modification somebody sets back',
    async () => {
      const { atime, mtime } = await stat(file);
      await writeFile(file, 'two');
      await utimes(file, atime, mtime);
    },
    'two',
  ],
  [
    'another file in its place',
    async () => {
      await writeFile(`${file}.new`, 'two');
      await rename(`${file}.new`, file);
    },
    'two',
  ],
  ['other rights', () => chmod(file, 0o600), 'one'],
  ['its end', () => rm(file), undefined],
  [
    'a link in its place',
    async () => {
      await rm(file);
      await symlink('/etc/hostname', file);
    },
    undefined,
  ],
])('%s is seen', async (_, change, text) => {
  await writeFile(file, 'one');
  await texts.read(file);
  await untilLater();
  await change();
  expect(await texts.read(file)).toBe(text);
});

it('a file that changed just now is read again: its next change may have the same time', async () => {
  later = 0;
  await writeFile(file, 'one');
  await texts.read(file);
  await texts.read(file);
  expect(reads()).toBe(2);
  later = -3600;
  await texts.read(file);
  await texts.read(file);
  expect(reads()).toBe(2);
});

it('forgets what is gone', async () => {
  await writeFile(file, 'one');
  await texts.read(file);
  texts.forgetOthers(new Set());
  await texts.read(file);
  expect(reads()).toBe(2);
});
