import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, it } from 'vitest';
import { parseIp, parsePrefix } from '../../../../../src/core/model/values/ip.js';

it.each([
  [' 192.0.2.1 ', '192.0.2.1'],
  ['192.0.2.1/24', '192.0.2.1'],
  [' 2001:DB8:0::1 ', '2001:db8::1'],
  ['2001:db8::1/64', '2001:db8::1'],
  ['192.0.2', undefined],
  ['fe80::1%eth0', undefined],
])('%j as an address is %s', (text, address) => {
  expect(parseIp(text)).toBe(address);
});

it.each([
  [' 192.0.2.1/24 ', '192.0.2.0/24'],
  ['2001:DB8::1/032', '2001:db8::/32'],
  ['192.0.2.0/32', '192.0.2.0/32'],
  ['192.0.2.0/33', undefined],
  ['2001:db8::/129', undefined],
  ['192.0.2.0/24/8', undefined],
  ['192.0.2.0', undefined],
])('%j as a prefix is %s', (text, prefix) => {
  expect(parsePrefix(text)).toBe(prefix);
});

/** As the library reads it: IPv4 with four decimal numbers, IPv6 without a zone. */
function read(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString();
  const isIpv6 = ipaddr.IPv6.isValid(text) && !text.includes('%');
  return isIpv6 ? ipaddr.IPv6.parse(text).toRFC5952String() : undefined;
}

it('any text is the address that the library reads in it, also the second time', () => {
  const numbers = fc.array(fc.oneof(fc.nat(300).map(String), fc.constantFrom('00', '0x1', '01', '')), {
    minLength: 3,
    maxLength: 5,
  });
  const text = fc.oneof(
    numbers.map((all) => all.join('.')),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom(...'0123459afF:.%'), maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, (each) => {
      expect([parseIp(each), parseIp(each)]).toEqual([read(each), read(each)]);
    }),
    { numRuns: 2_000 },
  );
});
