import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLinks } from '../../../../src/adapters/iproute2/parse.js';

const captured = readFileSync(new URL('../../../fixtures/ip/addr-show.json', import.meta.url), 'utf8');

describe('parseLinks', () => {
  const links = new Map(parseLinks(captured).map((link) => [link.name, link]));

  it('reads every interface that ip shows', () => {
    expect([...links.keys()]).toEqual(['lo', 'vb', 'va', 'wg_24001', 'wg_24002', 'dn42-wg-igp-7', 'br0']);
  });

  it('reads kind, alias, MTU, flags and addresses with their peers', () => {
    expect(links.get('wg_24001')).toEqual({
      name: 'wg_24001',
      alias: 'moenet-agent:0b8f7c1e-0000-4000-8000-000000000001',
      kind: 'tun',
      mtu: 1400,
      up: true,
      addresses: [
        { local: '172.20.0.1', prefixLength: 32, peer: '172.20.0.2' },
        { local: '172.21.0.9', prefixLength: 32, peer: undefined },
        { local: 'fd00::1', prefixLength: 128, peer: 'fd00::2' },
        { local: 'fe80::1', prefixLength: 64, peer: undefined },
      ],
    });
  });

  it('knows no kind of lo, and that an interface is down', () => {
    expect(links.get('lo')).toMatchObject({ kind: undefined, up: true, mtu: 65536, alias: undefined });
    expect(links.get('dn42-wg-igp-7')).toMatchObject({ up: false, addresses: [] });
  });

  it('returns a foreign alias unchanged', () => {
    expect(links.get('wg_24002')?.alias).toBe('a note of the operator, with ü and "quotes"');
  });

  it('gives IPv6 addresses in canonical text', () => {
    const json = JSON.stringify([
      {
        ifname: 'x',
        flags: [],
        mtu: 1500,
        addr_info: [{ family: 'inet6', local: 'FD00:0:0::1', prefixlen: 64 }],
      },
    ]);
    expect(parseLinks(json)[0]?.addresses[0]?.local).toBe('fd00::1');
  });

  it.each(['temporary', 'deprecated', 'tentative'])('marks an address that is %s', (flag) => {
    const addr_info = [{ family: 'inet6', local: '2001:db8::1', prefixlen: 64, [flag]: true }];
    const json = JSON.stringify([{ ifname: 'x', flags: [], mtu: 1500, addr_info }]);
    expect(parseLinks(json)[0]?.addresses[0]?.isPassing).toBe(true);
  });

  it('reads empty output as no interfaces, and refuses what it does not understand', () => {
    expect(parseLinks('')).toEqual([]);
    expect(() => parseLinks('[{"ifname":"x"}]')).toThrow(/ip -j -d addr show/);
    expect(() => parseLinks('Object "bogus" is unknown')).toThrow();
  });
});
