import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHistoryFiles } from '../../../../src/adapters/state/history/history-files.js';
import type { Run } from '../../../../src/core/history/block.js';
import { minute, quarter } from '../../../../src/core/history/measures.js';
import { packPoint, pointBytes } from '../../../../src/core/history/packed-point.js';
import { emptySeries, putStretches } from '../../../../src/core/history/series.js';
import { subjectId } from '../../../../src/core/history/subject-id.js';
import type { HistoryStore } from '../../../../src/shell/ports/history-store.js';

// The first minute of a window of four hours.
const start = 30_000_000 - (30_000_000 % 240);
const [a, b] = [subjectId('session a'), subjectId('session b')];

let directory: string;
let notes: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-history-'));
  notes = [];
});

afterEach(() => rm(directory, { recursive: true }));

const place = () => join(directory, 'history');
const open = () => openHistoryFiles(place(), (text) => notes.push(text));

/** The round-trip time (ms) in a minute, so that each can be told from its neighbors; small ones are stored exactly. */
const rttIn = (at: number) => ((at % 100) * 40) / 1000;

function run(from: number, steps = 15, ids: readonly string[] = [a]): Run {
  const points = new Uint8Array(steps * pointBytes);
  const view = new DataView(points.buffer);
  for (let at = 0; at < steps; at += 1)
    packPoint([rttIn(from + at), 0, 1000, 500, 800, 2, 900, 1], view, at * pointBytes);
  return { step: minute, start: from, steps, points: new Map(ids.map((id) => [id, points])) };
}

/** As the agent does it: a block for each quarter of an hour. */
async function fill(
  store: HistoryStore,
  from: number,
  minutes: number,
  ids?: readonly string[],
): Promise<void> {
  for (let at = from; at < from + minutes; at += 15) await store.append([run(at, 15, ids)], (at + 15) * 60);
}

async function rtts(store: HistoryStore, from: number, steps: number, { id = a, step = minute } = {}) {
  const series = emptySeries(step, from, steps);
  putStretches(series, await store.read(id, { step, start: from, steps }));
  return [...series.values.rtt];
}

const wanted = (from: number, steps: number) => Array.from({ length: steps }, (_, at) => rttIn(from + at));
const unknown = (steps: number) => new Array<number>(steps).fill(Number.NaN);

describe('what is stored', () => {
  it('is there after a restart, in files that only the agent reads', async () => {
    await fill(open(), start, 45);
    await fill(open(), start + 45, 15, [a, b]);
    expect(await rtts(open(), start - 5, 70)).toEqual([...unknown(5), ...wanted(start, 60), ...unknown(5)]);
    expect(await rtts(open(), start + 40, 20, { id: b })).toEqual([...unknown(5), ...wanted(start + 45, 15)]);
    expect(await rtts(open(), start, 60, { id: subjectId('session c') })).toEqual(unknown(60));
    expect((await stat(place())).mode & 0o777).toBe(0o700);
    expect((await stat(join(place(), 'minutes-1'))).mode & 0o777).toBe(0o600);
    expect(notes).toEqual([]);
  });

  it('is there for all together', async () => {
    await fill(open(), start, 30, [a, b]);
    const all = await open().readAll({ step: minute, start: start + 20, steps: 5 });
    expect(all.map((each) => ({ ...each, points: [...each.points.keys()].sort() }))).toEqual([
      { step: minute, start: start + 15, steps: 15, points: [a, b].sort() },
    ]);
  });

  it('has an end: a day of minutes and 30 days of quarters stay, in a bounded number of files', async () => {
    const store = open();
    const days = 34;
    await fill(store, start, days * 1440);
    const end = start + days * 1440;
    expect(await rtts(store, end - 1440, 1440)).toEqual(wanted(end - 1440, 1440));
    const quarters = await rtts(store, end / 15 - 2880, 2880, { step: quarter });
    expect(quarters.filter(Number.isNaN)).toEqual([]);
    expect(quarters[0]).toBeCloseTo(wanted(end - 2880 * 15, 15).reduce((sum, rtt) => sum + rtt) / 15, 2);
    const { bytes, files, writes } = store.size();
    // 72 KiB for each session, and the heads of all blocks.
    expect(bytes).toBeLessThanOrEqual(80 * 1024);
    expect([files, (await readdir(place())).length]).toEqual([18, 18]);
    // 96 times a day the minutes, six times the quarters.
    expect(writes).toBe(days * 102);
    const sizes = await Promise.all(
      (await readdir(place())).map(async (name) => (await stat(join(place(), name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBe(bytes);
    // Another process finds the same.
    const next = open();
    expect(await rtts(next, end - 1440, 1440)).toEqual(wanted(end - 1440, 1440));
    await next.readAll({ step: minute, start: end, steps: 1 });
    expect(next.size()).toEqual({ bytes, files, writes: 0 });
  });

  it('gives the place of a session that is gone back', async () => {
    const ids = Array.from({ length: 40 }, (_, at) => subjectId(`${at}`));
    const store = open();
    await fill(store, start, 1440, ids);
    const { bytes } = store.size();
    for (let at = start + 1440; at < start + 36 * 1440; at += 240)
      await store.append([run(at, 240)], (at + 240) * 60);
    expect(store.size().bytes).toBeLessThan(bytes / 5);
    expect(await rtts(store, start / 15, 96, { id: ids[5] ?? '', step: quarter })).toEqual(unknown(96));
  });
});

describe('a clock', () => {
  it('that went forward and back leaves what was before, and what came after', async () => {
    const store = open();
    await fill(store, start, 240);
    await fill(store, start + 600_000, 60);
    await fill(store, start + 240, 480);
    expect(await rtts(store, start, 720)).toEqual(wanted(start, 720));
    const quarters = await rtts(store, start / 15, 32, { step: quarter });
    expect(quarters.filter(Number.isNaN)).toEqual([]);
  });

  it('that begins in 1970 at each boot does not remove what is there', async () => {
    await fill(open(), start, 1440);
    for (let boot = 0; boot < 20; boot += 1) await open().append([run(5, 3)], 8 * 60);
    expect(await rtts(open(), start, 1440)).toEqual(wanted(start, 1440));
  });
});

describe('the quarters of the time before a restart', () => {
  it('are made after it, also if the agent was not there when they were complete', async () => {
    await fill(open(), start, 230);
    // Three days later.
    await open().append([run(start + 3 * 1440, 5)], (start + 3 * 1440 + 5) * 60);
    const quarters = await rtts(open(), start / 15, 16, { step: quarter });
    expect(quarters.filter(Number.isNaN)).toEqual([]);
  });
});

describe('a file', () => {
  const file = () => join(place(), 'minutes-1');

  it('that is torn loses the torn block; the next one begins another file', async () => {
    await fill(open(), start, 60);
    await truncate(file(), (await stat(file())).size - 10);
    await fill(open(), start + 60, 30);
    expect(await rtts(open(), start, 90)).toEqual([
      ...wanted(start, 45),
      ...unknown(15),
      ...wanted(start + 60, 30),
    ]);
    expect(notes[0]).toBe(
      `${file()} cannot be used: it is damaged. The history lacks what is in it; the agent goes on without`,
    );
  });

  it.each([
    ['of a newer agent', 2, 'a newer agent wrote it'],
    ['of an older agent', 0, 'an older agent wrote it, in a form that this one does not know'],
  ])('%s is an empty history, with one note', async (_, version, why) => {
    await fill(open(), start, 30);
    const bytes = await readFile(file());
    bytes.writeUInt16BE(version, 4);
    await writeFile(file(), bytes);
    const store = open();
    expect(await rtts(store, start, 30)).toEqual(unknown(30));
    await fill(store, start + 30, 15);
    expect(await rtts(store, start, 45)).toEqual([...unknown(30), ...wanted(start + 30, 15)]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`${file()} cannot be used: ${why}.`);
  });

  it('that is something else is left out, and never waited for', async () => {
    await mkdir(join(place(), 'minutes-2'), { recursive: true });
    await symlink('/dev/zero', join(place(), 'minutes-3'));
    await writeFile(join(place(), 'minutes-4'), 'a letter to my aunt');
    await writeFile(join(place(), 'minutes-x'), 'of another name');
    const store = open();
    await fill(store, start, 15);
    expect(await rtts(store, start, 15)).toEqual(wanted(start, 15));
    expect(notes).toHaveLength(3);
    expect(await readFile(join(place(), 'minutes-x'), 'utf8')).toBe('of another name');
  });

  it('that an operator removes while the agent runs leaves the history empty, and it goes on', async () => {
    const store = open();
    await fill(store, start, 30);
    await rm(place(), { recursive: true });
    expect(await rtts(store, start, 30)).toEqual(unknown(30));
    await fill(store, start + 30, 15);
    expect(await rtts(store, start, 45)).toEqual([...unknown(30), ...wanted(start + 30, 15)]);
    await rm(place(), { recursive: true });
    await fill(store, start + 45, 15);
    expect(await rtts(store, start + 45, 15)).toEqual(wanted(start + 45, 15));
  });

  it('that something else writes into costs nothing but what it hit', async () => {
    const store = open();
    await fill(store, start, 30);
    await writeFile(file(), 'x', { flag: 'a' });
    await fill(store, start + 30, 30);
    expect(await rtts(store, start, 60)).toEqual(wanted(start, 60));
  });

  it('with any bytes changed, cut off or put in gives no wrong value and no error', async () => {
    await fill(open(), start, 45, [a, b]);
    const good = await readFile(file());
    const damage = fc.tuple(
      fc.constantFrom('change', 'cut', 'insert'),
      fc.nat(good.length - 1),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async ([kind, at, bytes]) => {
        const rest = good.subarray(kind === 'change' ? at + bytes.length : at);
        await writeFile(
          file(),
          kind === 'cut' ? good.subarray(0, at) : Buffer.concat([good.subarray(0, at), bytes, rest]),
        );
        const store = open();
        for (const id of [a, b])
          for (const [index, rtt] of (await rtts(store, start, 45, { id })).entries())
            expect(Number.isNaN(rtt) || rtt === rttIn(start + index)).toBe(true);
        await store.append([run(start + 45)], (start + 60) * 60);
        expect(await rtts(store, start + 45, 15)).toEqual(wanted(start + 45, 15));
        await rm(join(place(), 'minutes-2'), { force: true });
      }),
    );
  });
});

describe('a place that cannot be written', () => {
  it('is said; what is there stays', async () => {
    await writeFile(place(), 'no directory');
    await expect(open().append([run(start)], start * 60)).rejects.toThrow(
      `${place()} cannot be written (EEXIST: file already exists): the history gets a gap, all else goes on`,
    );
    expect(await rtts(open(), start, 15)).toEqual(unknown(15));
  });
});
