import { expect, it } from 'vitest';
import { describeSession } from '../../../../src/core/model/session.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { makeEntry } from '../../make.js';

it('every kind of row is named by its uuid and, if known, its ASN', () => {
  const row = { uuid: sessionId.parse('abc-123'), status: 'active', interface: undefined } as const;
  const refused = { ...row, kind: 'refused', reason: 'mtu', asn: 4_242_420_001 as never } as const;
  expect(describeSession(refused)).toBe('session abc-123 (AS4242420001)');
  expect(describeSession({ ...refused, asn: undefined })).toBe('session abc-123');
  expect(describeSession(makeEntry({}))).toMatch(/^session \S+ \(AS\d+\)$/);
});
