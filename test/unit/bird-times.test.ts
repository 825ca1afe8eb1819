import { expect, it } from 'vitest';
import { BirdTime } from '../bird-times.js';

const time = (words: string) => new BirdTime(words);

it('takes a time of BIRD for the same where its rounding may have moved it, and no other', () => {
  expect(time('up 23:43:23.764')).toEqual(time('up 23:43:23.766'));
  expect(time('2026-11-24 19:40:42')).toEqual(time('2026-11-24 19:40:43'));
  expect({ since: [time('23:43:23.764')] }).not.toEqual({ since: [time('23:43:23.964')] });
  expect({ since: [time('19:40:42')] }).not.toEqual({ since: [time('19:40:44')] });
  expect(() => time('down')).toThrow('no time of day in "down"');
});
