import { expect, it } from 'vitest';
import { reasonOf, refusalCommunity } from '../../../../src/lab/checks/refusal-community.js';

it('finds the reason again among the communities of a route', () => {
  const community = refusalCommunity('not originated by the neighbor');
  expect(community).toBe('4242420998,9002,5');
  expect(reasonOf(['64511,1', community])).toBe('not originated by the neighbor');
});

it('says so where there is no reason, or one that it does not know', () => {
  expect(reasonOf(['64511,1', '4242420999,9002,5'])).toBe('no reason given');
  expect(reasonOf(['4242420998,9002,77'])).toBe('reason 4242420998,9002,77');
});
