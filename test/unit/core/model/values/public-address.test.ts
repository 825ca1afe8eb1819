import { describe, expect, it } from 'vitest';
import { parseIp } from '../../../../../src/core/model/values/ip.js';
import { isPublic } from '../../../../../src/core/model/values/public-address.js';

describe('a public address', () => {
  it.each([
    '203.0.113.7',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '223.255.255.255',
    '2001:db8::7',
    '2a00:1450::1',
  ])('is %s', (text) => {
    expect(isPublic(parseIp(text) ?? fail(text))).toBe(true);
  });

  it.each([
    ['0.0.0.0', 'unspecified'],
    ['10.127.1.1', 'private'],
    ['100.64.0.1', 'shared by a provider'],
    ['127.0.0.1', 'loopback'],
    ['169.254.7.7', 'link-local'],
    ['172.20.5.9', "DN42's"],
    ['172.31.0.5', "DN42's"],
    ['192.0.0.8', 'special'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'for benchmarks'],
    ['224.0.0.5', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::ffff:203.0.113.7', 'mapped'],
    ['64:ff9b::1', 'translated'],
    ['fd42:4242::1', "DN42's"],
    ['fe80::1', 'link-local'],
    ['ff02::1', 'multicast'],
  ])('is not %s, which is %s', (text) => {
    expect(isPublic(parseIp(text) ?? fail(text))).toBe(false);
  });
});

function fail(text: string): never {
  throw new Error(`not an address: ${text}`);
}
