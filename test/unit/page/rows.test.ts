import { describe, expect, it } from 'vitest';
import { pageRows } from '../../../src/page/rows.js';
import { filterRows, sortRows } from '../../../src/page/sessions/order.js';
import type { NodeStatus } from '../../../src/shell/status/status.js';
import { badStatus, goodSession, goodStatus } from '../../fakes/node-status.js';

const other = {
  ...goodSession,
  uuid: 'd4',
  interface: 'dn42_4242420001',
  asn: 4242420001,
  description: 'AS4242420001 - Älpha',
  rttMs: 3,
};
const status: NodeStatus = { ...badStatus, sessions: [...badStatus.sessions, other] };
const rows = pageRows(status);

function ids(list: readonly { readonly id: string }[]): string[] {
  return list.map(({ id }) => id);
}

describe('the rows of the page', () => {
  it('begin with those that need a person, as in the terminal', () => {
    expect(rows.map(({ id, group }) => [id, group])).toEqual([
      ['c3', 'needs-you'],
      ['AS4242422222', 'peer-side'],
      ['AS4242420001', 'up'],
      ['AS4242421080', 'up'],
      ['node 2', 'mesh'],
    ]);
  });

  it('have names without the ASN, and no characters that reorder text', () => {
    const hostile = { ...goodSession, description: 'a\u202eb\u0007c' };
    expect(pageRows({ ...goodStatus, sessions: [hostile, other] }).map(({ name }) => name)).toEqual([
      'Älpha',
      'a b c',
      'de1',
    ]);
  });
});

describe('sorting', () => {
  it('goes by ASN, up and down', () => {
    const up = ids(sortRows(rows, { column: 'id', isDown: false }));
    expect(up).toEqual(['node 2', 'AS4242420001', 'AS4242421080', 'AS4242422222', 'c3']);
    expect(ids(sortRows(rows, { column: 'id', isDown: true }))).toEqual([
      'AS4242422222',
      'AS4242421080',
      'AS4242420001',
      'node 2',
      'c3',
    ]);
  });

  it('puts what is not known last in both directions', () => {
    const last = (isDown: boolean) =>
      ids(sortRows(rows, { column: 'rtt', isDown }))
        .slice(-2)
        .sort();
    expect([last(true), last(false)]).toEqual([
      ['AS4242422222', 'c3'],
      ['AS4242422222', 'c3'],
    ]);
  });

  it('keeps the order of the terminal without a choice', () => {
    expect(sortRows(rows, { column: 'state', isDown: false })).toEqual(rows);
  });
});

describe('the filter', () => {
  it.each([
    ['4242421080', ['AS4242421080']],
    ['älpha', ['AS4242420001']],
    ['active wg_24002', ['AS4242422222']],
    ['handshake', ['AS4242422222']],
    ['mtu', ['c3']],
    ['de1', ['node 2']],
    ['nothing of that kind', []],
  ])('finds %s', (words, expected) => {
    expect(ids(filterRows(rows, 'all', words))).toEqual(expected);
  });

  it('shows one group; our own nodes are up, too', () => {
    expect(ids(filterRows(rows, 'needs-you', ''))).toEqual(['c3']);
    expect(ids(filterRows(rows, 'up', ''))).toEqual(['AS4242420001', 'AS4242421080', 'node 2']);
  });
});
