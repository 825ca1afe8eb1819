import { expect, it } from 'vitest';
import { type Owner, OwnerMap } from '../../../../src/core/model/owner.js';
import {
  afterFailure,
  type Backoff,
  isOpen,
  isWaiting,
  nextBackoffs,
} from '../../../../src/core/plan/backoff.js';

function failed(times: number, wish = 'w'): Backoff {
  let backoff = afterFailure(undefined, wish, 'no', 0);
  for (let count = 1; count < times; count += 1) backoff = afterFailure(backoff, wish, 'no', 0);
  return backoff;
}

it('waits longer after each failure, at most an hour', () => {
  expect([1, 2, 3, 6, 7, 50].map((times) => failed(times).retryAtSeconds)).toEqual([
    60, 120, 240, 1920, 3600, 3600,
  ]);
});

it('does not wait once the time is up, or when something else is wanted', () => {
  expect(isWaiting(failed(1), 'w', 59)).toBe(true);
  expect(isWaiting(failed(1), 'w', 60)).toBe(false);
  expect(isWaiting(failed(1), 'other', 1)).toBe(false);
  expect(isWaiting(undefined, 'w', 0)).toBe(false);
});

it('starts again with another wish', () => {
  expect(afterFailure(failed(5), 'other', 'no', 0).retryAtSeconds).toBe(60);
});

it('does not wait for days because the clock was set back', () => {
  expect(isWaiting(failed(1), 'w', -86_400)).toBe(false);
});

it('is open after an hour of failures', () => {
  expect([failed(6), failed(7)].map(isOpen)).toEqual([false, true]);
});

it('after a pass, an owner that failed waits longer, one that succeeded or has waited is forgotten, and one that was not tried keeps waiting', () => {
  const peer = (nodeId: number): Owner => ({ kind: 'mesh', nodeId });
  const before = new OwnerMap([1, 2, 3].map((nodeId) => [peer(nodeId), failed(1)]));
  const tried = new OwnerMap([1, 2].map((nodeId) => [peer(nodeId), 'w']));
  const next = (nowSeconds: number) =>
    nextBackoffs(before, { tried, failed: new OwnerMap([[peer(1), 'no']]) }, nowSeconds);
  const failures = (nowSeconds: number) =>
    [1, 2, 3].map((nodeId) => next(nowSeconds).get(peer(nodeId))?.failures);
  expect(failures(59)).toEqual([2, undefined, 1]);
  expect(failures(60)).toEqual([2, undefined, undefined]);
});
