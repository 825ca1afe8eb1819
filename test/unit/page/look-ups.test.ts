import { describe, expect, it } from 'vitest';
import { parsePaths } from '../../../src/page/look-ups/paths.js';
import { parsePing } from '../../../src/page/look-ups/ping.js';
import { parseTrace } from '../../../src/page/look-ups/trace.js';

describe('what ping says', () => {
  it('is a time for each reply, and nothing for those that did not come', () => {
    const text = `PING fe80::1080%dn42_1(fe80::1080%dn42_1) 56 data bytes
64 bytes from fe80::1080%dn42_1: icmp_seq=1 ttl=64 time=0.412 ms
64 bytes from fe80::1080%dn42_1: icmp_seq=3 ttl=64 time=11.2 ms

--- fe80::1080%dn42_1 ping statistics ---
4 packets transmitted, 2 received, 50% packet loss, time 905ms`;
    expect(parsePing(text)).toEqual({
      replies: [
        { sequence: 1, ms: 0.412 },
        { sequence: 2, ms: undefined },
        { sequence: 3, ms: 11.2 },
        { sequence: 4, ms: undefined },
      ],
      summary: '4 packets transmitted, 2 received, 50% packet loss, time 905ms',
    });
  });

  it('is unknown where it is something else', () => {
    expect(parsePing('web.lab.dn42 has no address')).toBeUndefined();
  });
});

describe('what traceroute says', () => {
  it('is a hop in each line, with every address and time', () => {
    const text = `web.lab.dn42 (172.21.80.65)
traceroute to 172.21.80.65 (172.21.80.65), 20 hops max, 60 byte packets
 1  172.21.80.1  0.412 ms  0.401 ms
 2  * *
 3  fd42:1::1  8.113 ms fd42:1::2  8.514 ms
 4  172.21.80.65  12.001 ms !H *`;
    expect(parseTrace(text)).toEqual([
      { number: 1, addresses: ['172.21.80.1'], ms: [0.412, 0.401], lost: 0, refusals: [] },
      { number: 2, addresses: [], ms: [], lost: 2, refusals: [] },
      { number: 3, addresses: ['fd42:1::1', 'fd42:1::2'], ms: [8.113, 8.514], lost: 0, refusals: [] },
      { number: 4, addresses: ['172.21.80.65'], ms: [12.001], lost: 1, refusals: ['!H'] },
    ]);
  });

  it('has no hop where it says something else', () => {
    expect(parseTrace('connect: Network is unreachable')).toEqual([]);
  });
});

describe('what the look-up of paths says', () => {
  it('is a path for each route, the best one marked', () => {
    const text = `172.20.0.0/24 * dn42_4242421080: 4242421080 4242420101
172.20.0.0/24   ibgp_2: 4242422222 {4242423914 4242420101}
172.21.80.0/24 * static1: local
... cut off here: there is more`;
    expect(parsePaths(text)).toEqual([
      {
        network: '172.20.0.0/24',
        isBest: true,
        protocol: 'dn42_4242421080',
        asns: ['4242421080', '4242420101'],
      },
      {
        network: '172.20.0.0/24',
        isBest: false,
        protocol: 'ibgp_2',
        asns: ['4242422222', '{4242423914', '4242420101}'],
      },
      { network: '172.21.80.0/24', isBest: true, protocol: 'static1', asns: [] },
    ]);
  });

  it('has no path where there is no route', () => {
    expect(parsePaths('there is no route to 192.0.2.1')).toEqual([]);
  });
});
