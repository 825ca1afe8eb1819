import { expect, it } from 'vitest';
import {
  refusedNumber,
  refusedNumbers,
  refusedReason,
} from '../../../../src/core/lookups/refused-reasons.js';

const asn = 4242420998;

it('the import filter says why in the last part of a large community of our AS', () => {
  expect(refusedNumber(asn, ['4242420998,9001,1', '4242420998,9002,8'])).toBe(8);
});

it('what another AS or another mark says is no reason', () => {
  expect(
    refusedNumber(asn, ['4242421080,9002,8', '4242420998,9001,8', '4242420998,90025,8']),
  ).toBeUndefined();
  expect(refusedNumber(asn, [])).toBeUndefined();
});

it('each reason of the agent has a name and words of its own', () => {
  expect(refusedNumbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(new Set(refusedNumbers.map((number) => refusedReason(number).words)).size).toBe(11);
  expect(new Set(refusedNumbers.map((number) => refusedReason(number).name)).size).toBe(11);
  expect(refusedReason(8).words).toBe('RPKI: the ROAs forbid this origin, or this length of prefix');
});

it('another number is the operator’s own; without one, the filter of the agent was not asked', () => {
  expect(refusedReason(12)).toEqual({
    name: 'other',
    words: "the operator's own filter refused it with the reason 12",
  });
  expect(refusedReason(undefined).words).toMatch(/^refused before the agent's filter gave a reason/);
});
