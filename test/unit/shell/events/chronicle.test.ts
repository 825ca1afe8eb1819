import { beforeEach, expect, it } from 'vitest';
import type { NodeEvent } from '../../../../src/core/model/events/event.js';
import { openChronicle } from '../../../../src/shell/events/chronicle.js';

let batches: (readonly NodeEvent[])[];
let failure: Error | undefined;
let problems: (string | undefined)[];

beforeEach(() => {
  batches = [];
  failure = undefined;
  problems = [];
});

const open = () =>
  openChronicle(
    {
      append: async (events) => {
        if (failure) throw failure;
        batches.push(events);
      },
      read: async () => batches.flat(),
    },
    (problem) => problems.push(problem),
  );

const event = (text: string): NodeEvent => ({ atMs: 0, kind: 'note', level: 'info', text });

it('stores what came since the last time in one write, and none where nothing came', async () => {
  const events = open();
  events.add(event('one'));
  events.add(event('two'));
  await events.store();
  await events.store();
  expect(batches).toEqual([[event('one'), event('two')]]);
});

it('shows an event once, whether it is stored or not', async () => {
  const events = open();
  events.add(event('one'));
  const stored = events.store();
  const during = events.read();
  events.add(event('two'));
  await stored;
  expect(await during).toEqual([event('one'), event('two')]);
  expect(await events.read()).toEqual([event('one'), event('two')]);
});

it('keeps what a full disk does not take, and stores it later', async () => {
  const events = open();
  failure = new Error('ENOSPC');
  events.add(event('one'));
  await events.store();
  events.add(event('two'));
  expect(await events.read()).toEqual([event('one'), event('two')]);
  failure = undefined;
  await events.store();
  expect(batches).toEqual([[event('one'), event('two')]]);
  expect(problems).toEqual(['ENOSPC', undefined]);
});

it('keeps the newest 2000 of them', async () => {
  const events = open();
  failure = new Error('ENOSPC');
  for (let count = 0; count < 2_001; count += 1) events.add(event(`number ${count}`));
  await events.store();
  expect((await events.read()).map(({ text }) => text).slice(0, 1)).toEqual(['number 1']);
});
