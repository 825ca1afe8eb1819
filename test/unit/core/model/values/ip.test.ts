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
