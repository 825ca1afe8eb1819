import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHistoryFiles } from '../../../../src/adapters/state/history/history-files.js';
import { subjectKey } from '../../../../src/core/model/events/event.js';
import { openHistory } from '../../../../src/shell/history/history.js';
import { makeEntry } from '../../make.js';
import { makePassedNode, snapshot } from '../pass/passed-node.js';

const startMs = 1_800_000_000_000;
const sessions = [makeEntry()];
const subject = subjectKey({ session: { uuid: 'abc-123' } });

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-history-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** A history that is shown a pass and pings in each minute, without the work of either. */
async function openNode() {
  const { pass } = await makePassedNode();
  const made = await pass(sessions);
  const time = { ms: startMs, stepMs: 0 };
  const store = openHistoryFiles(directory, () => undefined);
  const appends: number[] = [];
  const history = openHistory({
    clock: { now: () => time.ms + time.stepMs, monotonic: () => time.ms },
    store: {
      ...store,
      append: (...given) => {
        appends.push(time.ms);
        return store.append(...given);
      },
    },
    onProblem: () => undefined,
  });

  async function live(minutes: number, rttOf: (minute: number) => number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      const pings = new Map([['fe80::2%wg_24001', { rttMs: rttOf(minute), loss: 0 }]]);
      const observed = { ...made.observed, nowSeconds: time.ms / 1000 };
      const state = { lastPass: { ...made, observed }, pings, snapshot: snapshot(sessions) };
      history.note(state);
      for (let look = 0; look < 4; look += 1) {
        time.ms += 15_000;
        history.note(state);
      }
      // The disk has the time of a minute.
      if (minute % 5 === 4) await history.series(subject, 1);
    }
  }
  return { history, time, appends, live };
}

it('days have a point for each quarter of an hour, also the last ones', async () => {
  const { history, live } = await openNode();
  await live(5 * 60, (minute) => (minute < 240 ? 10 : 20));
  const { step, start, values } = await history.series(subject, 48);
  expect([step, start]).toEqual([900, startMs / 900_000 + 20 - 192]);
  expect([...values.rtt].slice(-21)).toEqual([
    Number.NaN,
    ...new Array<number>(16).fill(10),
    ...new Array<number>(4).fill(20),
  ]);
});

it('the disk is written once in a quarter of an hour', async () => {
  const { appends, live } = await openNode();
  await live(180, () => 10);
  expect(appends).toHaveLength(12);
  expect(appends.map((ms) => (ms - startMs) % 900_000)).toEqual(new Array(12).fill(0));
});

it('the disk is not written more often if the clock steps to and fro, and minutes are where it says', async () => {
  const { appends, time, history, live } = await openNode();
  for (let minute = 0; minute < 60; minute += 1) {
    time.stepMs = minute % 2 === 0 ? 86_400_000 : 0;
    await live(1, () => 10);
  }
  expect(appends.length).toBeLessThanOrEqual(5);
  time.stepMs = 0;
  const known = [...(await history.series(subject, 1)).values.rtt].filter((rtt) => rtt === 10);
  expect(known.length).toBeGreaterThanOrEqual(30);
});

it('a suspended machine and a year that was not there leave gaps, and nothing else', async () => {
  const { history, time, live } = await openNode();
  await live(30, () => 10);
  time.ms += 7_200_000;
  await live(30, () => 20);
  time.stepMs = 365 * 86_400_000;
  await live(30, () => 30);
  time.stepMs = 0;
  await live(30, () => 40);
  const rtts = [...(await history.series(subject, 4)).values.rtt];
  expect(rtts.slice(0, 30)).toEqual(new Array(30).fill(10));
  expect(rtts.slice(30, 149).every(Number.isNaN)).toBe(true);
  expect(rtts.slice(150, 180)).toEqual(new Array(30).fill(20));
  expect(rtts.slice(181, 209).every(Number.isNaN)).toBe(true);
  expect(rtts.slice(211)).toEqual(new Array(29).fill(40));
});
