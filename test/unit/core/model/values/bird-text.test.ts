import { expect, it } from 'vitest';
import { toBirdText } from '../../../../../src/core/model/values/bird-text.js';

it.each([
  ['plain', 200, 'plain'],
  ['a "b"\n\u0000c\u200bd\u2028e', 200, 'a b c d e'],
  ['  spaces \t around ', 200, 'spaces around'],
  ['   abc', 3, 'abc'],
  ['ab c', 3, 'ab'],
  ['\u{1F600}\u{1F600}\u{1F600}', 2, '\u{1F600}\u{1F600}'],
])('%j, of %i characters at most, is %j in BIRD’s strings', (text, maxLength, expected) => {
  expect(toBirdText(text, maxLength)).toBe(expected);
});
