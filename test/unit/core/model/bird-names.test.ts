import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  baseProtocolName,
  collectorName,
  familyProtocolName,
  ibgpProtocolName,
  isIbgpProtocolName,
  rpkiCacheName,
  rpkiProtocolName,
  sessionProtocolName,
} from '../../../../src/core/model/names.js';

it('what names a protocol and what reads the name agree', () => {
  const session = sessionProtocolName(4242421080);
  for (const family of ['ipv4', 'ipv6'] as const)
    expect(baseProtocolName(familyProtocolName(session, family))).toBe('dn42_4242421080');
  expect(baseProtocolName(session)).toBe(session);
  expect(rpkiCacheName(rpkiProtocolName('akae'))).toBe('akae');
  expect([ibgpProtocolName(12), session].map(isIbgpProtocolName)).toEqual([true, false]);
});

it('the template of the route collector gives it the name by which the agent looks for it', () => {
  expect(readFileSync('templates/bird/collector.conf.hbs', 'utf8')).toContain(
    `protocol bgp ${collectorName} `,
  );
});
