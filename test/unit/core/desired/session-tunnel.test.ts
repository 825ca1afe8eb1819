import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { parseSessions } from '../../../../src/adapters/control-plane/parse/parse-sessions.js';
import { isOnLink } from '../../../../src/core/desired/session-tunnel.js';
import { formatAddress } from '../../../../src/core/model/artifacts.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { sessionProtocols } from '../../../../src/core/model/session-protocols.js';
import { type IpAddress, parsePrefix } from '../../../../src/core/model/values/ip.js';
import { isWithin } from '../../../../src/core/model/values/network.js';
import { peerKey } from '../../make.js';
import { allowing, judge, reasonFor } from './rules/judged.js';

/** A row of the control plane's list, as it comes. */
function row(addresses: Record<string, unknown>): readonly SessionEntry[] {
  const item = {
    uuid: 'abc-123',
    asn: 4242421080,
    status: 1,
    interface: 'wg_24001',
    port: 24001,
    credential: { publicKey: peerKey },
    extensions: ['mp-bgp', 'extended-nexthop'],
    ...addresses,
  };
  return parseSessions([item], documented);
}

function tunnelOf(addresses: Record<string, unknown>, settings = allowing()) {
  const { sessions, refusals } = judge(row(addresses), {}, { settings });
  const tunnel = sessions[0]?.tunnel;
  return tunnel
    ? { addresses: tunnel.addresses.map(formatAddress), allowedIps: tunnel.peer.allowedIps }
    : refusals[0]?.reason;
}

const own = 'fe80::998:101:1:1';
const usual = ['0.0.0.0/0', 'fd00::/8', 'fe80::/64'];

describe('the tunnel of a row', () => {
  it.each<[string, Record<string, unknown>, readonly string[], readonly string[]]>([
    ['a link-local', { ipv6LinkLocal: 'fe80::2' }, [`${own}/64`], usual],
    [
      'a link-local outside fe80::/64',
      { ipv6LinkLocal: 'fe80:3::2' },
      [`${own}/10`],
      [...usual, 'fe80:3::2/128'],
    ],
    [
      'an IPv4 address',
      { ipv4: '172.23.91.128' },
      [`${own}/64`, '172.22.188.1/32 peer 172.23.91.128'],
      usual,
    ],
    [
      'an IPv4 address with /32',
      { ipv4: '172.23.91.128/32' },
      [`${own}/64`, '172.22.188.1/32 peer 172.23.91.128'],
      usual,
    ],
    ['a /31 of ours', { ipv4: '172.22.188.40/31' }, [`${own}/64`, '172.22.188.41/31'], usual],
    ['a /31 of theirs', { ipv4: '172.23.91.129/31' }, [`${own}/64`, '172.23.91.128/31'], usual],
    ['a /127 of ours', { ipv6: 'fd00:4242:7777:f::2/127' }, [`${own}/64`, 'fd00:4242:7777:f::3/127'], usual],
    [
      'both ends of a /127',
      { ipv6: 'fd00:4242:7777:f::3', ipv6LinkLocal: 'fd00:4242:7777:f::2' },
      [`${own}/64`, 'fd00:4242:7777:f::2/127'],
      usual,
    ],
    [
      'both ends of a /127, with their length',
      { ipv6: 'fd00:4242:7777:f::3/127', ipv6LinkLocal: 'fd00:4242:7777:f::2/127' },
      [`${own}/64`, 'fd00:4242:7777:f::2/127'],
      usual,
    ],
    [
      'both ends, of which ours is a ULA of our own block',
      { ipv6: 'fd42:4242:2189:ac::1', ipv6LinkLocal: 'fd00:4242:7777:f::4' },
      [`${own}/64`, 'fd00:4242:7777:f::4/128 peer fd42:4242:2189:ac::1'],
      usual,
    ],
    [
      'a link-local and our own one that the neighbor was told',
      { ipv6: 'fe80::1004', ipv6LinkLocal: 'fe80::998' },
      [`${own}/64`, 'fe80::998/64'],
      usual,
    ],
    [
      'a link-local outside fe80::/64 and our own one',
      { ipv6: 'fe80:3::2', ipv6LinkLocal: 'fe80::998' },
      [`${own}/10`, 'fe80::998/10'],
      [...usual, 'fe80:3::2/128'],
    ],
    [
      'a link-local and a ULA of ours',
      { ipv6: 'fe80::1004', ipv6LinkLocal: 'fd00:4242:7777:f::4' },
      [`${own}/64`, 'fd00:4242:7777:f::4/128'],
      usual,
    ],
    [
      'a /127 and a link-local',
      { ipv6: 'fd00:4242:7777:f::3/127', ipv6LinkLocal: 'fe80::2' },
      [`${own}/64`, 'fd00:4242:7777:f::2/127'],
      usual,
    ],
  ])('with %s', (_, addresses, expected, allowedIps) => {
    expect(tunnelOf(addresses)).toEqual({ addresses: expected, allowedIps });
  });

  it('with a public IPv6 address that the operator allows', () => {
    expect(tunnelOf({ ipv6: '2001:db8:7::1' }, allowing('2001:db8:7::/48'))).toEqual({
      addresses: [`${own}/64`, 'fd00:4242:7777:101:1::1/128 peer 2001:db8:7::1'],
      allowedIps: [...usual, '2001:db8:7::1/128'],
    });
  });
});

describe('a row is refused', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'with a ULA that is nobody knows whose',
      { ipv4: '172.23.91.128', ipv6LinkLocal: 'fd00:4242:7777:f::4' },
      'ipv6LinkLocal: "fd00:4242:7777:f::4" is not a link-local address (fe80::/10)',
    ],
    [
      "with another network's ULA as ours",
      { ipv6: 'fe80::1004', ipv6LinkLocal: 'fd42:4242:9999::4' },
      'ipv6LinkLocal: fd42:4242:9999::4 is not in our own block fd00:4242:7777::/48, so it cannot be our own address on the tunnel',
    ],
    [
      'with a loopback of the mesh as ours',
      { ipv6: 'fe80::1004', ipv6LinkLocal: 'fd00:4242:7777:101:2::1' },
      'ipv6LinkLocal: fd00:4242:7777:101:2::1 is the loopback of mesh node 2 (hk1), so it cannot be our own address on the tunnel',
    ],
    [
      'with a /31 whose other end is a loopback of the mesh',
      { ipv4: '172.22.188.3/31' },
      '172.22.188.2 is the loopback of mesh node 2 (hk1), so it cannot be our end of the /31 with 172.22.188.3',
    ],
    [
      'with a /31 whose other end is our loopback',
      { ipv4: '172.22.188.0/31' },
      "172.22.188.1 is this node's own address, so it cannot be our end of the /31 with 172.22.188.0",
    ],
    [
      'with a /127 whose other end is a loopback of the mesh',
      { ipv6: 'fd00:4242:7777:101:2::/127' },
      'fd00:4242:7777:101:2::1 is the loopback of mesh node 2 (hk1), so it cannot be our end of the /127 with fd00:4242:7777:101:2::',
    ],
    [
      'with a /31 whose other end is a cache of ours',
      { ipv4: '172.20.129.9/31' },
      '172.20.129.8 is an RPKI cache, so it cannot be our end of the /31 with 172.20.129.9',
    ],
    [
      'with a loopback of the mesh as one end of a /31',
      { ipv4: '172.22.188.2/31' },
      "172.22.188.2 is the loopback of mesh node 2 (hk1), not the neighbor's",
    ],
    [
      'with a /31 outside of all ranges',
      { ipv4: '192.0.2.4/31' },
      "192.0.2.4 is not in DN42's ranges; allow it with policy.neighborRanges",
    ],
  ])('%s', (_, addresses, reason) => {
    expect(reasonFor(row(addresses))).toBe(reason);
  });
});

const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
const ip = fc.oneof(
  fc.constantFrom(
    '172.20.7.9',
    '172.23.91.128/31',
    '10.127.0.4',
    '172.22.188.40/31',
    '203.0.113.9',
    '10.0.0.8/30',
  ),
  fc.ipV4(),
);
const ip6 = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('fd00', 'fc00', 'fe80', 'febf', 'fe80:3', '2001:db8'),
      group,
      fc.constantFrom('', '/127', '/64'),
    )
    .map(([start, end, length]) => `${start}::${end}${length}`),
  fc.ipV6(),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

describe('what is accepted is reachable', () => {
  it('every address of the neighbor is among the allowed IPs and on the link, for any row', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        maybe(ip),
        maybe(ip6),
        maybe(ip6),
        fc.subarray(['mp-bgp', 'extended-nexthop']),
        (ipv4, ipv6, ipv6LinkLocal, extensions) => {
          const entries = row({ ipv4, ipv6, ipv6LinkLocal, extensions });
          for (const { session, tunnel } of judge(entries, {}, { settings: allowing('0.0.0.0/0', '::/0') })
            .sessions) {
            accepted += 1;
            const { ipv4: four, ipv6: six, ipv6LinkLocal: local } = session;
            const addresses: IpAddress[] = [four, six, local].flatMap((address) => address ?? []);
            const allowed = tunnel.peer.allowedIps.flatMap((text) => parsePrefix(text) ?? []);
            for (const address of addresses) {
              expect(
                allowed.some((block) => isWithin(address, block)),
                `allowed IPs for ${address}`,
              ).toBe(true);
              expect(
                tunnel.addresses.some((each) => isOnLink(address, each)),
                `route to ${address}`,
              ).toBe(true);
            }
            for (const { neighbor } of sessionProtocols(session, 'x')) expect(addresses).toContain(neighbor);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
