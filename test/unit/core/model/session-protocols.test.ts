import { describe, expect, it } from 'vitest';
import { sessionProtocols } from '../../../../src/core/model/session-protocols.js';
import { makeSession, v4, v6 } from '../../make.js';

const ipv4 = v4('172.23.91.128');
const ipv6 = v6('fd42:4242:2189:ac::1');
const plain = { mpBgp: false, extendedNextHop: false };

describe('sessionProtocols', () => {
  it('speaks MP-BGP over the link-local address in one protocol', () => {
    expect(sessionProtocols(makeSession({ ipv4, ipv6 }), 'dn42_1')).toEqual([
      { name: 'dn42_1', neighbor: 'fe80::2', families: ['ipv4', 'ipv6'], extendedNextHop: true },
    ]);
  });

  it('carries IPv4 without an extended next hop only where the tunnel has IPv4 addresses', () => {
    const families = (session: Parameters<typeof makeSession>[0]) =>
      sessionProtocols(makeSession({ extendedNextHop: false, ...session }), 'dn42_1').map(
        (each) => each.families,
      );
    expect(families({})).toEqual([['ipv6']]);
    expect(families({ ipv4 })).toEqual([['ipv4', 'ipv6']]);
  });

  it('speaks MP-BGP over what address there is', () => {
    const neighbors = (session: Parameters<typeof makeSession>[0]) =>
      sessionProtocols(makeSession({ ipv6LinkLocal: undefined, ...session }), 'dn42_1').map((each) => [
        each.neighbor,
        ...each.families,
      ]);
    expect(neighbors({ ipv4, ipv6 })).toEqual([[ipv6, 'ipv4', 'ipv6']]);
    const ipv6NextHop = v6('fe80::998');
    expect(neighbors({ ipv4, ipv6NextHop })).toEqual([[ipv4, 'ipv4', 'ipv6']]);
    expect(neighbors({ ipv4, ipv6NextHop, keepsOneFamily: true })).toEqual([[ipv4, 'ipv4']]);
    expect(neighbors({ ipv4 })).toEqual([[ipv4, 'ipv4']]);
    expect(neighbors({})).toEqual([]);
  });

  it('has one protocol per address family without MP-BGP', () => {
    const protocols = (session: Parameters<typeof makeSession>[0]) =>
      sessionProtocols(makeSession({ ...plain, ...session }), 'dn42_1').map((each) => [
        each.name,
        each.neighbor,
        ...each.families,
      ]);
    expect(protocols({ ipv4, ipv6 })).toEqual([
      ['dn42_1_v4', ipv4, 'ipv4'],
      ['dn42_1_v6', ipv6, 'ipv6'],
    ]);
    expect(protocols({})).toEqual([['dn42_1_v6', 'fe80::2', 'ipv6']]);
    expect(protocols({ ipv6: v6('fe80::1') })).toEqual([['dn42_1_v6', 'fe80::2', 'ipv6']]);
    expect(protocols({ ipv4, ipv6LinkLocal: undefined })).toEqual([['dn42_1_v4', ipv4, 'ipv4']]);
  });

  it('carries IPv4 with an extended next hop also without MP-BGP if IPv4 has no other way', () => {
    const session = { mpBgp: false, extendedNextHop: true };
    const protocols = (part: Parameters<typeof makeSession>[0]) =>
      sessionProtocols(makeSession({ ...session, ...part }), 'dn42_1');
    const [v6] = [{ name: 'dn42_1_v6', neighbor: 'fe80::2' }];
    expect(protocols({})).toEqual([{ ...v6, families: ['ipv4', 'ipv6'], extendedNextHop: true }]);
    expect(protocols({ ipv4 }).map(({ families }) => families)).toEqual([['ipv4'], ['ipv6']]);
    expect(protocols({ keepsOneFamily: true })).toEqual([
      { ...v6, families: ['ipv6'], extendedNextHop: false },
    ]);
  });
});
