import { expect, it } from 'vitest';
import { describeUnresolved } from '../../../../src/core/model/observed.js';

it.each([
  [0, undefined],
  [1, 'DNS: a does not resolve'],
  [2, 'DNS: a, b do not resolve'],
  [5, 'DNS: a, b, c, d, e do not resolve'],
  [7, 'DNS: a, b, c, d, e and 2 more do not resolve'],
])('of %i names that do not resolve, status says: %s', (count, words) => {
  expect(describeUnresolved([...'abcdefg'].slice(0, count))?.split(';')[0]).toBe(words);
});
