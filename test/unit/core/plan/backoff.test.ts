import { expect, it } from 'vitest';
import { afterFailure, type Backoff, isOpen, isWaiting } from '../../../../src/core/plan/backoff.js';

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

it('starts anew with another wish', () => {
  expect(afterFailure(failed(5), 'other', 'no', 0).retryAtSeconds).toBe(60);
});

it('does not wait for days because the clock was set back', () => {
  expect(isWaiting(failed(1), 'w', -86_400)).toBe(false);
});

it('is open after an hour of failures', () => {
  expect([failed(6), failed(7)].map(isOpen)).toEqual([false, true]);
});
