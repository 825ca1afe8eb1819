import { expect, it } from 'vitest';
import { remembering } from '../../../../../src/core/model/values/remembering.js';

it('an answer is found once, and again when too many others came in between', () => {
  const asked: string[] = [];
  const answer = (question: string) => {
    asked.push(question);
    return { question };
  };
  const ask = remembering(answer, 2);
  expect(['a', 'b', 'a', 'b'].map((each) => ask(each).question)).toEqual(['a', 'b', 'a', 'b']);
  expect(asked).toEqual(['a', 'b']);
  for (const each of ['c', 'b', 'c', 'a']) ask(each);
  expect(asked).toEqual(['a', 'b', 'c', 'b', 'a']);
});
