import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordLines } from '../../../../src/adapters/tools/record-lines.js';
import { recordTypes } from '../../../../src/core/lookups/dns-question.js';

const soa = { nsname: 'ns.a', hostmaster: 'h.a', serial: 1, refresh: 2, retry: 3, expire: 4, minttl: 5 };

describe('recordLines', () => {
  it.each([
    ['A', [{ address: '172.20.0.1', ttl: 60 }], ['a. 60 IN A 172.20.0.1']],
    ['AAAA', [{ address: 'fd42::1', ttl: 60 }], ['a. 60 IN AAAA fd42::1']],
    ['CNAME', ['b'], ['a. IN CNAME b.']],
    ['NS', ['b', 'c'], ['a. IN NS b.', 'a. IN NS c.']],
    ['MX', [{ priority: 10, exchange: 'b' }], ['a. IN MX 10 b.']],
    ['SRV', [{ priority: 1, weight: 2, port: 3, name: 'b' }], ['a. IN SRV 1 2 3 b.']],
    ['SOA', soa, ['a. IN SOA ns.a. h.a. 1 2 3 4 5']],
    ['TXT', [['x', 'y "z"\n']], ['a. IN TXT "x" "y \\"z\\"\\010"']],
    ['CAA', [{ critical: 0, issue: 'b' }], ['a. IN CAA 0 issue "b"']],
    [
      'ANY',
      [
        { type: 'A', address: '172.20.0.1', ttl: 60 },
        { type: 'NS', value: 'b' },
        { type: 'TXT', entries: ['x'] },
        { type: 'SOA', ...soa },
        { type: 'WKS' },
      ],
      ['a. 60 IN A 172.20.0.1', 'a. IN NS b.', 'a. IN TXT "x"', 'a. IN SOA ns.a. h.a. 1 2 3 4 5'],
    ],
  ] as const)('writes %s records as a zone file does', (type, records, lines) => {
    expect(recordLines('a', type, records)).toEqual(lines);
  });

  it('never breaks a line, whatever a server says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recordTypes), fc.anything(), (type, records) => {
        for (const line of recordLines('a', type, records)) expect(line).not.toMatch(/\p{C}/u);
      }),
    );
  });
});
