import { expect, it } from 'vitest';
import { parsePeerName, sessionOf } from '../../../../src/core/model/peer-name.js';
import { makeSession } from '../../make.js';

it.each([
  ['dn42_4242420001', { kind: 'session', asn: 4242420001 }],
  ['ibgp_2', { kind: 'ibgp', nodeId: 2 }],
  ['dn42_0', undefined],
  ['dn42_9999999999', undefined],
  ['dn42_4242420001_v4', undefined],
  ['dn42_4242420001\nconfigure', undefined],
  ['device1', undefined],
  ['', undefined],
])('%j is %j', (text, name) => {
  expect(parsePeerName(text)).toEqual(name);
});

it('means the session with the plain name, else the first of its ASN', () => {
  const session = makeSession();
  const second = { session, protocol: `dn42_${session.asn}_wg_24002` };
  const plain = { session, protocol: `dn42_${session.asn}` };
  expect(sessionOf([second, plain], session.asn)).toBe(plain);
  expect(sessionOf([second], session.asn)).toBe(second);
  expect(sessionOf([second, plain], 1)).toBe(undefined);
});
