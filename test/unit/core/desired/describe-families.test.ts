import { describe, expect, it } from 'vitest';
import { describeFamilies } from '../../../../src/core/desired/describe-families.js';
import { makeSession, v4, v6 } from '../../make.js';

const ipv4 = v4('172.23.91.128');
const ipv6NextHop = v6('fe80::998');
const whose = 'session abc-123 (AS4242421080)';

describe('the families that a session lacks are named', () => {
  it.each<[string, Parameters<typeof makeSession>[0], readonly string[]]>([
    ['all of it', {}, []],
    ['one family per protocol', { mpBgp: false, extendedNextHop: false }, []],
    [
      'MP-BGP without a way for IPv4',
      { extendedNextHop: false },
      [
        `${whose} carries no IPv4 routes: its row asks for MP-BGP, but has neither an extended next hop nor an IPv4 address for the tunnel`,
      ],
    ],
    ['MP-BGP with an IPv4 address', { extendedNextHop: false, ipv4 }, []],
    [
      'MP-BGP over IPv4 that runs without IPv6',
      { ipv4, ipv6LinkLocal: undefined, ipv6NextHop, keepsOneFamily: true },
      [`${whose} carries no IPv6 routes until it goes down by itself: adding them now would reset it`],
    ],
    ['MP-BGP over IPv4', { ipv4, ipv6LinkLocal: undefined, ipv6NextHop }, []],
    [
      'MP-BGP over IPv4 on a node without a link-local address',
      { ipv4, ipv6LinkLocal: undefined },
      [`${whose} carries no IPv6 routes: this node has no link-local address as their next hop`],
    ],
    [
      'an extended next hop that runs without IPv4',
      { mpBgp: false, keepsOneFamily: true },
      [`${whose} carries no IPv4 routes until it goes down by itself: adding them now would reset it`],
    ],
  ])('%s', (_, session, notes) => {
    expect(describeFamilies(makeSession(session))).toEqual(notes);
  });
});
