import { expect, it } from 'vitest';
import type { ObservedAddress, ObservedLink } from '../../../../src/core/model/observed.js';
import { publicAddresses } from '../../../../src/core/verdict/public-addresses.js';

function link(
  name: string,
  ...addresses: (string | (Partial<ObservedAddress> & { local: string }))[]
): ObservedLink {
  return {
    name,
    alias: undefined,
    kind: undefined,
    mtu: 1500,
    up: true,
    addresses: addresses.map((address) => ({
      prefixLength: 64,
      peer: undefined,
      ...(typeof address === 'string' ? { local: address } : address),
    })),
  };
}

const both = (name: string) => ({ ipv4: [name], ipv6: [name] });

it('are the public ones on the interface of the default route', () => {
  const links = [
    link('eth0', '192.168.1.2', '203.0.113.5', 'fe80::1', 'fd42::1', '2001:db8::5'),
    link('eth1', '203.0.113.9', '2001:db8::9'),
  ];
  expect(publicAddresses(links, both('eth0'))).toEqual({ ipv4: '203.0.113.5', ipv6: '2001:db8::5' });
  expect(publicAddresses(links, { ipv4: ['eth1'], ipv6: [] })).toEqual({
    ipv4: '203.0.113.9',
    ipv6: undefined,
  });
});

it('are empty behind NAT, and without the interface', () => {
  const none = { ipv4: undefined, ipv6: undefined };
  expect(publicAddresses([link('eth0', '10.0.0.2', 'fe80::1')], both('eth0'))).toEqual(none);
  expect(publicAddresses([], both('eth0'))).toEqual(none);
});

it('are those that stay, before one with a lifetime; never a temporary one', () => {
  const links = [
    link(
      'eth0',
      { local: '2001:db8::bad', expires: true, isPassing: true },
      { local: '2001:db8::a', expires: true },
      '2001:db8::5',
    ),
  ];
  expect(publicAddresses(links, both('eth0')).ipv6).toBe('2001:db8::5');
  const [passing] = links[0]?.addresses ?? [];
  if (!passing) throw new Error('no address');
  expect(publicAddresses([{ ...link('eth0'), addresses: [passing] }], both('eth0')).ipv6).toBeUndefined();
});

it('are one with a lifetime if there is no other', () => {
  const links = [link('eth0', { local: '2001:db8::a', expires: true })];
  expect(publicAddresses(links, both('eth0')).ipv6).toBe('2001:db8::a');
});
