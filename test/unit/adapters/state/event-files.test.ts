import { appendFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEventFiles } from '../../../../src/adapters/state/event-files.js';
import type { NodeEvent } from '../../../../src/core/model/events/event.js';

let directory: string;
let nowMs = 1_800_000_000_000;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-events-'));
});

afterEach(() => rm(directory, { recursive: true }));

const path = () => join(directory, 'state', 'events.jsonl');
const open = (options = {}) => openEventFiles(join(directory, 'state'), { now: () => nowMs, ...options });

function event(text: string, part: Partial<NodeEvent> = {}): NodeEvent {
  return { atMs: nowMs, kind: 'note', level: 'info', text, ...part };
}

async function texts(options = {}): Promise<string[]> {
  return (await open(options).read()).map(({ text }) => text);
}

it('are there again after a restart, with their subjects, in a file that only the agent reads', async () => {
  const session = { uuid: 'abc-123', asn: 4242421080, interface: 'wg_24001', name: 'a neighbor' };
  await open().append([event('one', { session }), event('two', { mesh: { nodeId: 2 } })]);
  await open().append([event('three')]);
  expect(await open().read()).toEqual([
    event('one', { session }),
    event('two', { mesh: { nodeId: 2 } }),
    event('three'),
  ]);
  expect((await stat(path())).mode & 0o777).toBe(0o600);
  expect((await stat(join(directory, 'state'))).mode & 0o777).toBe(0o700);
});

it('are none where there is no file', async () => {
  expect(await texts()).toEqual([]);
});

it.each([1, 20, 40])('a line that lacks its last %s bytes costs no other', async (bytes) => {
  await open().append([event('one'), event('two')]);
  await truncate(path(), (await stat(path())).size - bytes);
  await open().append([event('three')]);
  // Without its line break alone, the line is whole.
  expect(await texts()).toEqual(bytes === 1 ? ['one', 'two', 'three'] : ['one', 'three']);
});

it('lines that are no events are left out', async () => {
  await open().append([event('one')]);
  await appendFile(path(), '\0\0\0\n{"atMs":"x"}\n[]\nnull\n');
  await open().append([event('two')]);
  expect(await texts()).toEqual(['one', 'two']);
});

it('of a kind that only a newer agent knows count as notes', async () => {
  await open().append([event('one', { kind: 'eclipse' as never })]);
  expect(await open().read()).toEqual([event('one')]);
});

it('have an end: the oldest go', async () => {
  const files = open({ fullBytes: 2_000 });
  for (let round = 0; round < 200; round += 1) await files.append([event(`number ${round}`)]);
  const sizes = await Promise.all([path(), `${path()}.1`].map(async (each) => (await stat(each)).size));
  expect(Math.max(...sizes)).toBeLessThan(2_200);
  const kept = await texts({ fullBytes: 2_000 });
  expect(kept.at(-1)).toBe('number 199');
  expect(kept.length).toBeGreaterThan(20);
  expect(kept).toEqual(kept.map((_, index) => `number ${200 - kept.length + index}`));
});

it('that are too old go, also where there is room', async () => {
  const options = { fullAfterMs: 15 * 86_400_000 };
  await open(options).append([event('old')]);
  nowMs += 16 * 86_400_000;
  await open(options).append([event('new')]);
  expect(await texts(options)).toEqual(['old', 'new']);
  nowMs += 16 * 86_400_000;
  await open(options).append([event('newest')]);
  expect(await texts(options)).toEqual(['new', 'newest']);
  expect(await readFile(`${path()}.1`, 'utf8')).not.toContain('old');
});

it('something else in the place of the file is left alone', async () => {
  await mkdir(path(), { recursive: true });
  await writeFile(join(path(), 'mine'), '');
  await expect(open().append([event('one')])).rejects.toThrow(
    'events.jsonl cannot be written (it is not a file)',
  );
  expect(await readFile(join(path(), 'mine'), 'utf8')).toBe('');
});
