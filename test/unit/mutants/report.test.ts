import { expect, it } from 'vitest';
import { report } from '../../mutants/report.js';

const names = new Map([['a.ts', ['f: 1', 'f: 2', 'f: 3']]]);

it('is good where every survivor is argued, and says what is not to be argued any more', () => {
  const argued = { 'a.ts': { 'f: 1': 'the same', 'f: 2': 'the same', 'f: 0': 'the same' } };
  expect(report([{ path: 'a.ts', killed: ['f: 2'], survived: ['f: 1'] }], argued, names)).toEqual({
    isGood: true,
    lines: [
      'a.ts: 1 killed, 1 survived',
      '  is argued, but a test fails with it now; take it off the list: f: 2',
      'a.ts: is argued, but there is no such mutant any more: f: 0',
      '2 mutants: 1 killed, 1 survived, of which 0 are not argued in test/mutants/survivors.json',
    ],
  });
});

it('is not good where a survivor is not argued', () => {
  const { isGood, lines } = report([{ path: 'a.ts', killed: [], survived: ['f: 3'] }], {}, names);
  expect(isGood).toBe(false);
  expect(lines).toContain('  survived, and is not argued: f: 3');
});
