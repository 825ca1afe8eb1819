import { describe, expect, it } from 'vitest';
import {
  countPoll,
  describeDoubted,
  doubtfulWithdrawals,
  isBelieved,
  pollsToBelieve,
} from '../../../../src/core/desired/withdrawal.js';

const running = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
const listed = (...uuids: string[]) => new Set(uuids);

describe('a list is doubted', () => {
  it('when it is empty and anything runs', () => {
    expect(doubtfulWithdrawals(listed(), ['a'])).toEqual(['a']);
  });

  it('when it leaves out more than a third of what runs, and at least three', () => {
    expect(doubtfulWithdrawals(listed('a', 'b', 'c', 'd', 'e'), running)).toEqual(['f', 'g', 'h', 'i']);
  });

  it.each([
    ['a third or less is left out', running.slice(0, 6), running],
    ['only two are left out, however few run', ['a'], ['a', 'b', 'c']],
    ['all are listed, with whatever status', running, running],
    ['nothing runs', [], []],
  ])('but not when %s', (_, list, runs) => {
    expect(doubtfulWithdrawals(listed(...list), runs)).toEqual([]);
  });
});

describe('what is left out is believed', () => {
  function afterPolls(count: number, doubtful: readonly string[]) {
    let withdrawal: ReturnType<typeof countPoll>;
    for (let poll = 0; poll < count; poll += 1) withdrawal = countPoll(withdrawal, doubtful);
    return withdrawal;
  }

  it('after several lists that leave out the same', () => {
    expect(isBelieved(afterPolls(pollsToBelieve - 1, ['a', 'b']), ['a', 'b'])).toBe(false);
    expect(isBelieved(afterPolls(pollsToBelieve, ['a', 'b']), ['a', 'b'])).toBe(true);
  });

  it('not if another list came in between', () => {
    const other = countPoll(afterPolls(pollsToBelieve - 1, ['a', 'b']), ['a', 'b', 'c']);
    expect(isBelieved(countPoll(other, ['a', 'b']), ['a', 'b'])).toBe(false);
  });

  it('not if a list without doubts came in between', () => {
    expect(countPoll(afterPolls(pollsToBelieve, ['a']), [])).toBeUndefined();
  });
});

it.each([
  [['a'], 0, 'leaves out 1 running session without', 'now 0', 'resync --force. Sessions: a'],
  [['a', 'b'], 3, 'leaves out 2 running sessions without', 'now 3', 'resync --force. Sessions: a, b'],
])(
  'an operator is told which sessions are left out, and what ends it: %j after %i lists',
  (uuids, polls, ...words) => {
    const said = describeDoubted(uuids, { uuids, polls } as never) ?? '';
    for (const each of words) expect(said).toContain(each);
    expect(describeDoubted([], undefined)).toBeUndefined();
    expect(describeDoubted(uuids, undefined)).toContain('now 0');
    expect(describeDoubted(uuids, undefined, true)).toContain('until the control plane answers');
  },
);
