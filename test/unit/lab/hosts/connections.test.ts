import { expect, it } from 'vitest';
import { disturbed } from '../../../../src/lab/hosts/connections.js';

it('names whose connections are others than before, but for those that may be', () => {
  const before = new Map([
    ['AS4242421000', 'a b'],
    ['AS4242421001', 'c d'],
    ['AS4242421002', 'e f'],
    ['iBGP of jp1', 'g h'],
  ]);
  const after = new Map([
    ['AS4242421000', 'a b'],
    ['AS4242421001', 'c x'],
    ['iBGP of jp1', 'g y'],
  ]);
  expect(disturbed(before, after, [4242421001])).toEqual(['AS4242421002', 'iBGP of jp1']);
});
