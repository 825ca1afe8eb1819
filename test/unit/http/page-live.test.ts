import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openLiveStatus } from '../../../src/http/page-live.js';
import type { NodeStatus } from '../../../src/shell/status/status.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';

let status: NodeStatus;
let asked = 0;

beforeEach(() => {
  vi.useFakeTimers();
  status = goodStatus;
  asked = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

function openLive(limits: Partial<Parameters<typeof openLiveStatus>[0]> = {}) {
  const count = () => {
    asked += 1;
    return status;
  };
  return openLiveStatus({ status: count, nowSeconds: () => 1_700_000_020, ...limits });
}

/** The next event of a stream; undefined at its end. */
function readerOf(stream: ReadableStream<Uint8Array> | undefined) {
  if (!stream) throw new Error('there is no stream');
  const reader = stream.getReader();
  return {
    next: async () => {
      const { value } = await reader.read();
      const [, event, data = ''] =
        /^event: (\w+)\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(value)) ?? [];
      return event === undefined ? undefined : { event, data: JSON.parse(data) };
    },
    leave: () => reader.cancel(),
  };
}

const always = () => true;

it('costs nothing without a reader', async () => {
  const live = openLive();
  for (let n = 0; n < 100; n++) live.changed();
  await vi.advanceTimersByTimeAsync(600_000);
  expect([asked, vi.getTimerCount()]).toEqual([0, 0]);
});

it('costs nothing again after the last reader has left', async () => {
  const live = openLive();
  const reader = readerOf(live.open(always));
  await reader.next();
  live.changed();
  await reader.leave();
  asked = 0;
  live.changed();
  await vi.advanceTimersByTimeAsync(600_000);
  expect([asked, vi.getTimerCount()]).toEqual([0, 0]);
});

it('tells each reader the whole status, and then what changes', async () => {
  const live = openLive();
  const one = readerOf(live.open(always));
  expect(await one.next()).toMatchObject({
    event: 'status',
    data: { node: { health: 'ok' }, sessions: { length: 1 } },
  });
  status = badStatus;
  live.changed();
  live.changed();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await one.next()).toMatchObject({ data: { node: { health: 'degraded' } } });
  const two = readerOf(live.open(always));
  expect((await two.next())?.data.sessions.rows).toHaveLength(3);
  live.close();
  expect([await one.next(), await two.next()]).toEqual([undefined, undefined]);
});

it('does not tell what has not changed, but that the node is there', async () => {
  const live = openLive({ aliveMs: 20_000 });
  const reader = readerOf(live.open(always));
  await reader.next();
  live.changed();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await reader.next()).toEqual({
    event: 'alive',
    data: { nowSeconds: 1_700_000_020 },
  });
});

it('tells of what changes without a look or a pass with the next sign of life', async () => {
  const live = openLive({ aliveMs: 20_000 });
  const reader = readerOf(live.open(always));
  await reader.next();
  status = badStatus;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await reader.next()).toMatchObject({ event: 'status', data: { node: { health: 'degraded' } } });
});

it('tells those who are there, too, what the next one sees first', async () => {
  const live = openLive();
  const one = readerOf(live.open(always));
  await one.next();
  status = badStatus;
  live.open(always);
  expect(await one.next()).toMatchObject({ data: { node: { health: 'degraded' } } });
});

it('asks for the status once for each reader that comes', () => {
  const live = openLive();
  for (const count of [1, 2, 3]) {
    live.open(always);
    expect(asked).toBe(count);
  }
});

it('has no more readers than its bound, and none after its end', () => {
  const live = openLive({ mostReaders: 2 });
  expect([live.open(always), live.open(always), live.open(always)].map(Boolean)).toEqual([true, true, false]);
  live.close();
  expect(live.open(always)).toBeUndefined();
});

it('cuts off a reader that does not read, and keeps what it may hold small', async () => {
  const live = openLive({ mostBytes: 20_000, mostReaders: 1 });
  const slow = readerOf(live.open(always));
  for (let n = 0; n < 40; n++) {
    status = { ...goodStatus, problems: [`problem ${n} ${'x'.repeat(1000)}`] };
    live.changed();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  let events = 0;
  while (await slow.next()) events += 1;
  expect(events).toBeLessThan(20);
  expect(live.open(always)).toBeDefined();
});

it('ends the stream of a session that has ended', async () => {
  let isAllowed = true;
  const live = openLive();
  const reader = readerOf(live.open(() => isAllowed));
  await reader.next();
  isAllowed = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await reader.next()).toBeUndefined();
});
