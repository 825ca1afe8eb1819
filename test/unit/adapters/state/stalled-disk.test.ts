import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openStateStore } from '../../../../src/adapters/state/store.js';
import { patiently } from '../../../patiently.js';
import { stallDisk } from '../../../stall-disk.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-state-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('a read on a disk that does not answer does not count as no document: it fails in time, and says what to check', async () => {
  await openStateStore(directory).write('memory', { pass: 1 });
  const store = openStateStore(directory, undefined, 1_000);
  const release = await stallDisk();
  await expect(store.read('memory')).rejects.toThrow(
    `the state directory ${directory} does not answer: the agent could not read memory.json within 1 s, and does not go on without what may be there. Look at its disk or mount (findmnt -T ${directory}; dmesg)`,
  );
  await release();
  expect(await store.read('memory')).toEqual({ pass: 1 });
});

it('a write on a disk that does not answer fails in time, and later writes fail at once until it ends', async () => {
  const store = openStateStore(directory, undefined, 1_000);
  await store.write('memory', { pass: 1 });
  const release = await stallDisk();
  await expect(store.write('memory', { pass: 2 })).rejects.toThrow('a write did not end within');
  const startedMs = performance.now();
  for (let pass = 3; pass < 10; pass++)
    await expect(store.write('memory', { pass })).rejects.toThrow('did not end within');
  expect(performance.now() - startedMs).toBeLessThan(1_000);
  expect(store.problem).toMatch(/cannot be written \(a write did not end within 1 s\)/);
  await release();
  await vi.waitFor(() => expect(store.problem).toBeUndefined(), patiently);
  await store.write('memory', { pass: 10 });
  expect(await store.read('memory')).toEqual({ pass: 10 });
});
