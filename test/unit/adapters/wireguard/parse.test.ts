import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDump } from '../../../../src/adapters/wireguard/parse.js';

const captured = readFileSync(new URL('../../../fixtures/wg/show-all-dump.txt', import.meta.url), 'utf8');

describe('parseDump', () => {
  const devices = new Map(parseDump(captured).map((device) => [device.interface, device]));

  it('reads each interface with its peers', () => {
    expect([...devices].map(([name, { peers }]) => [name, peers.length])).toEqual([
      ['dn42-wg-igp-7', 0],
      ['wg_24002', 2],
      ['wg_24001', 1],
    ]);
    expect(devices.get('wg_24001')).toMatchObject({
      publicKey: 'vyeC+977Bes0aTWBHGu0Pt1ba6y0WWVWcG5nkzp/rx0=',
      listenPort: 24001,
    });
  });

  it('reads a peer with everything', () => {
    const peer = devices.get('wg_24001')?.peers[0];
    expect(peer).toMatchObject({
      publicKey: 'VjpcWJAfeFWJ4Cp4QH4lAqW3TYGjWCkPt7nkgyurAUw=',
      endpoint: '[2001:db8::1]:51820',
      allowedIps: ['172.20.0.0/14', '10.0.0.0/8', 'fd00::/8', 'fe80::/10'],
      persistentKeepaliveSeconds: 25,
    });
    expect(peer?.presharedKey?.reveal()).toBe('O8+JYY/o7E0S+atOf0gKV38Kt52Y/25pua1PILoXx4k=');
  });

  it('reads a peer without anything', () => {
    expect(devices.get('wg_24002')?.peers[0]).toEqual({
      publicKey: 'VjpcWJAfeFWJ4Cp4QH4lAqW3TYGjWCkPt7nkgyurAUw=',
      presharedKey: undefined,
      endpoint: undefined,
      allowedIps: [],
      latestHandshakeSeconds: 0,
      rxBytes: 0,
      txBytes: 0,
      persistentKeepaliveSeconds: 0,
    });
  });

  it('reads an interface without a key', () => {
    expect(devices.get('dn42-wg-igp-7')).toMatchObject({ privateKey: undefined, publicKey: undefined });
  });

  it('reads counters and handshake, and keeps the zone of a link-local endpoint', () => {
    const dump =
      'x\t(none)\t(none)\t1\toff\nx\tkey\t(none)\t[fe80::1%eth0]:5\t::/0\t1700000000\t12\t34\toff\n';
    expect(parseDump(dump)[0]?.peers[0]).toMatchObject({
      endpoint: '[fe80::1%eth0]:5',
      latestHandshakeSeconds: 1_700_000_000,
      rxBytes: 12,
      txBytes: 34,
    });
  });

  it('shows no key when the result is printed', () => {
    const text = JSON.stringify([...devices.values()]);
    expect(text).not.toContain('kItCqcVmq6kFph06QBZUa8fTcu33RP6ewwIirmOEGlQ=');
    expect(text).not.toContain('O8+JYY/o7E0S+atOf0gKV38Kt52Y/25pua1PILoXx4k=');
  });

  it('reads empty output as no interfaces', () => {
    expect(parseDump('')).toEqual([]);
  });

  it.each(['x\tsecret\tb', 'peer-of-none\tsecret\t(none)\t(none)\t(none)\t0\t0\t0\toff'])(
    'refuses a line of another form without quoting it (%#)',
    (line) => {
      expect(() => parseDump(line)).toThrow('line 1 is neither an interface nor a peer of one');
    },
  );
});
