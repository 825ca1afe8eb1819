import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { causeOf, diskError } from '../../../src/platform/disk-error.js';

it("names the directory and the cause, and no file, where it is the disk's fault", () => {
  const error = Object.assign(new Error("EROFS: read-only file system, open '/etc/bird/.x.0123.tmp'"), {
    code: 'EROFS',
  });
  expect(diskError('/etc/bird', error)).toMatchObject({
    message: '/etc/bird cannot be written (EROFS: read-only file system)',
    code: 'EROFS',
    cause: error,
  });
});

it('gives every other error back as it is', async () => {
  const directory = await mkdtemp(`${tmpdir()}/moenet-`);
  const error = await writeFile(directory, '').catch((reason: unknown) => reason);
  await rm(directory, { recursive: true });
  expect(diskError(directory, error)).toBe(error);
  expect(causeOf(error)).toMatch(/^EISDIR: [a-z ]+$/);
});
