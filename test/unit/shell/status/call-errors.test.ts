import { expect, it } from 'vitest';
import { describeCallErrors } from '../../../../src/shell/status/node-problems.js';

it('is undefined where all calls went well', () => {
  expect(describeCallErrors(new Map())).toBeUndefined();
});

it('names each reason once, with its calls, that of the sessions first', () => {
  const errors = new Map([
    ['POST heartbeat', 'no answer'],
    ['GET mesh', '500'],
    ['GET sessions', 'no answer'],
    ['POST modify', 'ENOSPC'],
  ]);
  expect(describeCallErrors(errors)).toBe(
    'GET sessions, POST heartbeat: no answer; POST modify: ENOSPC; GET mesh: 500',
  );
});

it('is the same in whatever order the calls failed', () => {
  const errors: [string, string][] = ['b', 'a', 'c'].map((call) => [call, `${call} failed`]);
  expect(describeCallErrors(new Map(errors))).toBe(describeCallErrors(new Map(errors.toReversed())));
});
