import { expect, it } from 'vitest';
import { openTurns } from '../../../src/http/turns.js';

const { signal } = new AbortController();
const limits = { running: 2, waiting: 2, waitMs: 10_000, perMinute: 100 };

function gate() {
  const opener = new AbortController();
  const opened = new Promise((resolve) => opener.signal.addEventListener('abort', resolve));
  return { open: () => opener.abort(), opened };
}

it('runs a few at a time, the others in the order they came, and no more than can wait', async () => {
  const inTurn = openTurns(limits);
  const started: number[] = [];
  const gates = [0, 1, 2, 3].map(gate);
  const tasks = gates.map(({ opened }, index) =>
    inTurn(signal, () => {
      started.push(index);
      return opened;
    }),
  );
  await expect(inTurn(signal, async () => undefined)).rejects.toMatchObject({
    status: 503,
    message: 'too many look-ups at once; try again in a moment',
  });
  expect(started).toEqual([0, 1]);
  gates[1]?.open();
  await tasks[1];
  expect(started).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  await Promise.all(tasks);
  expect(started).toEqual([0, 1, 2, 3]);
});

it('a failing task makes room like any other', async () => {
  const inTurn = openTurns({ ...limits, running: 1, waiting: 0 });
  await expect(inTurn(signal, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(await inTurn(signal, async () => 'next')).toBe('next');
});

it('a caller that hangs up leaves the queue', async () => {
  const inTurn = openTurns({ ...limits, running: 1, waiting: 1 });
  const { open, opened } = gate();
  const first = inTurn(signal, () => opened);
  const caller = new AbortController();
  const second = inTurn(caller.signal, async () => 'second');
  caller.abort(new Error('hung up'));
  await expect(second).rejects.toThrow('hung up');
  const third = inTurn(signal, async () => 'third');
  open();
  await first;
  expect(await third).toBe('third');
});

it('nobody waits too long', async () => {
  const inTurn = openTurns({ ...limits, running: 1, waitMs: 10 });
  const { open, opened } = gate();
  const first = inTurn(signal, () => opened);
  await expect(inTurn(signal, async () => undefined)).rejects.toMatchObject({ status: 503 });
  open();
  await first;
});

it('allows so many within a minute', async () => {
  const inTurn = openTurns({ ...limits, perMinute: 3 });
  for (let index = 0; index < 3; index++) await inTurn(signal, async () => undefined);
  await expect(inTurn(signal, async () => undefined)).rejects.toMatchObject({ status: 429 });
});
