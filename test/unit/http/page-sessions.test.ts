import { expect, it } from 'vitest';
import { openFailures, openPageSessions } from '../../../src/http/page-sessions.js';

const minute = 60_000;

function open() {
  const clock = { nowMs: 0 };
  const sessions = openPageSessions({ nowMs: () => clock.nowMs, most: 3, lifeMs: 10 * minute });
  return { clock, sessions };
}

it('knows a session until it is ended, and no other id', () => {
  const { sessions } = open();
  const [one, two] = [sessions.open(), sessions.open()];
  expect([sessions.has(one), sessions.has(two)]).toEqual([true, true]);
  expect([undefined, '', 'guess', `${one}x`].map((id) => sessions.has(id))).toEqual(Array(4).fill(false));
  sessions.end(one);
  sessions.end(undefined);
  expect([sessions.has(one), sessions.has(two)]).toEqual([false, true]);
});

it('gives ids of 256 random bits', () => {
  const { sessions } = open();
  const ids = Array.from({ length: 50 }, () => sessions.open());
  expect(new Set(ids).size).toBe(50);
  for (const id of ids) expect(id).toMatch(/^[\w-]{43}$/);
});

it('ends each session after its time, however much it is used', () => {
  const { clock, sessions } = open();
  const id = sessions.open();
  for (clock.nowMs = 0; clock.nowMs < 10 * minute; clock.nowMs += minute) expect(sessions.has(id)).toBe(true);
  expect(sessions.has(id)).toBe(false);
});

it('keeps no more than its bound: the oldest goes', () => {
  const { sessions } = open();
  const ids = Array.from({ length: 4 }, () => sessions.open());
  expect(ids.map((id) => sessions.has(id))).toEqual([false, true, true, true]);
});

it('counts the failures of the last minute', () => {
  let nowMs = 0;
  const failures = openFailures(2, () => nowMs);
  failures.add();
  expect(failures.isFull()).toBe(false);
  nowMs = minute / 2;
  failures.add();
  expect(failures.isFull()).toBe(true);
  nowMs = minute + 1;
  expect(failures.isFull()).toBe(false);
});
