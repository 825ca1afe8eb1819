import { describe, expect, it } from 'vitest';
import { toCommands } from '../../../../src/adapters/iproute2/batch.js';

const lines = (change: Parameters<typeof toCommands>[0]) => toCommands(change).map(({ line }) => line);

describe('toCommands', () => {
  it('orders the commands of one interface as the kernel wants them', () => {
    expect(
      lines({
        interface: 'wg_1',
        up: true,
        mtu: 1420,
        alias: 'moenet-agent:node:',
        noAutomaticLinkLocal: true,
        addAddresses: [
          { local: 'FE80::1', prefixLength: 64, peer: undefined },
          { local: '172.20.0.1', prefixLength: 32, peer: '172.20.0.2' },
        ],
        removeAddresses: [{ local: '172.20.0.1', prefixLength: 32, peer: undefined }],
      }),
    ).toEqual([
      'link set dev wg_1 addrgenmode none',
      'link set dev wg_1 alias "moenet-agent:node:"',
      'link set dev wg_1 mtu 1420',
      'link set dev wg_1 up',
      'addr del 172.20.0.1/32 dev wg_1',
      'addr replace fe80::1/64 dev wg_1',
      'addr replace 172.20.0.1 peer 172.20.0.2/32 dev wg_1',
    ]);
  });

  it('makes a dummy first and deletes last', () => {
    expect(lines({ interface: 'dummy0', create: 'dummy', up: true })[0]).toBe(
      'link add dev dummy0 type dummy',
    );
    expect(lines({ interface: 'dummy0', remove: true })).toEqual(['link del dev dummy0']);
  });

  it('accepts an existing dummy interface as made, but no other kind', () => {
    const words = 'RTNETLINK answers: File exists';
    expect(toCommands({ interface: 'dummy0', create: 'dummy' })[0]?.done?.test(words)).toBe(true);
    expect(toCommands({ interface: 'wg_1', create: 'wireguard' })[0]?.done).toBe(undefined);
  });

  it.each([
    ['a name that ends the line', { interface: 'x\nlink del dev eth0' }],
    ['a name with a space', { interface: 'x up' }],
    ['a name that looks like an option', { interface: '-force' }],
    ['a name over 15 bytes', { interface: 'x'.repeat(16) }],
    ['an alias with a quote', { interface: 'x', alias: 'a" mtu 68 "' }],
    ['an alias with a comment', { interface: 'x', alias: 'a # b' }],
    ['an alias with a backslash', { interface: 'x', alias: 'a\\' }],
    ['an alias with a line end', { interface: 'x', alias: 'a\nlink del dev eth0' }],
    ['an alias over 255 bytes', { interface: 'x', alias: 'a'.repeat(256) }],
    ['an MTU that is no number', { interface: 'x', mtu: Number.NaN }],
    [
      'an address that is none',
      { interface: 'x', addAddresses: [{ local: '300.1.1.1', prefixLength: 32, peer: undefined }] },
    ],
    [
      'a prefix length beyond the family',
      { interface: 'x', addAddresses: [{ local: '10.0.0.1', prefixLength: 33, peer: undefined }] },
    ],
    [
      'a peer of the other family',
      { interface: 'x', removeAddresses: [{ local: '10.0.0.1', prefixLength: 32, peer: 'fd00::1' }] },
    ],
  ])('refuses %s', (_, change) => {
    expect(() => toCommands(change)).toThrow(/is not a/);
  });
});
