import { describe, expect, it } from 'vitest';
import { sessionsNamed } from '../../../../src/core/model/peer-name.js';

const one = { uuid: 'abc-123', asn: 4242421080, interface: 'wg_24001' };
const twin = { uuid: 'abc-124', asn: 4242421080, interface: 'dn42_4242421080' };
const other = { uuid: 'abc-125', asn: 4242421081, interface: 'wg_24003' };
const all = [one, twin, other];

describe('a word', () => {
  it.each([
    ['abc-123', [one]],
    ['wg_24003', [other]],
    ['4242421081', [other]],
    ['as4242421081', [other]],
    ['dn42_4242421081', [other]],
    ['AS4242421080', [one, twin]],
    // An interface means one session also where it looks like a protocol.
    ['dn42_4242421080', [twin]],
    ['wg_2400', []],
    ['0', []],
    ['', []],
  ])('%j means its sessions', (word, expected) => {
    expect(sessionsNamed(all, word)).toEqual(expected);
  });
});
