import { describe, expect, it } from 'vitest';
import { neighborRules, whyNotNeighbor } from '../../../../../src/core/desired/rules/neighbor-rules.js';
import { asn } from '../../../../../src/core/model/values/asn.js';
import { toBirdText } from '../../../../../src/core/model/values/bird-text.js';
import { parseEndpoint } from '../../../../../src/core/model/values/endpoint.js';
import { parseIpv4 } from '../../../../../src/core/model/values/ip.js';
import { makeEntry, v4, v6 } from '../../../make.js';
import { allowing, judge, linkOf, machine, node, reasonFor } from './judged.js';

/** A session whose neighbor has this address and no other. */
function withNeighbor(text: string, part: Parameters<typeof makeEntry>[0] = {}) {
  const ipv4 = parseIpv4(text);
  const ipv6 = ipv4 ? undefined : v6(text);
  return makeEntry({ ipv4, ipv6, ipv6LinkLocal: undefined, ...part });
}

const everything = allowing('0.0.0.0/0', '::/0');

describe("a neighbor's address", () => {
  it.each([
    ['172.20.0.1', undefined],
    ['172.22.200.7', undefined],
    ['172.31.7.1', undefined],
    ['10.127.0.9', undefined],
    ['fd42:4242:2189:ac::1', undefined],
    ['fc00:1::1', undefined],
    ['172.20.99.1', "172.20.99.1 is the control plane, not the neighbor's"],
    ['fd00:cafe::1', "fd00:cafe::1 is the control plane, not the neighbor's"],
    ['172.22.188.1', "172.22.188.1 is this node's own address, not the neighbor's"],
    ['172.22.188.2', "172.22.188.2 is the loopback of mesh node 2 (hk1), not the neighbor's"],
    [
      'fd00:4242:7777:101:2::1',
      "fd00:4242:7777:101:2::1 is the loopback of mesh node 2 (hk1), not the neighbor's",
    ],
    ['10.99.0.5', "10.99.0.5 is an address of this machine (eth0), not the neighbor's"],
    ['10.99.0.1', "10.99.0.1 is in the network of eth0 (10.99.0.0/24), not the neighbor's"],
    ['fd12:99::1', "fd12:99::1 is in the network of eth0 (fd12:99::/64), not the neighbor's"],
    ['172.23.91.128', "172.23.91.128 is in the network of br-4f1c (172.23.0.0/16), not the neighbor's"],
    ['10.8.0.2', "10.8.0.2 is the other end of tun0, not the neighbor's"],
    ['10.8.0.3', undefined],
    ['172.31.1.1', "172.31.1.1 is the gateway of eth0, not the neighbor's"],
    ['172.31.0.2', "172.31.0.2 is a resolver of this machine, not the neighbor's"],
    ['172.20.129.8', "172.20.129.8 is an RPKI cache, not the neighbor's"],
    [
      '172.22.188.40',
      '172.22.188.40 is in our own block 172.22.188.0/26; a neighbor may have one of our addresses only if the session gives the link a /31',
    ],
    [
      'fd00:4242:7777:ffff::4',
      'fd00:4242:7777:ffff::4 is in our own block fd00:4242:7777::/48; a neighbor may have one of our addresses only if the session gives the link a /127',
    ],
    ['8.8.8.8', "8.8.8.8 is not in DN42's ranges; allow it with policy.neighborRanges"],
    ['192.168.1.1', "192.168.1.1 is not in DN42's ranges; allow it with policy.neighborRanges"],
    ['172.24.0.1', "172.24.0.1 is not in DN42's ranges; allow it with policy.neighborRanges"],
    ['2001:db8::7', "2001:db8::7 is not in DN42's ranges; allow it with policy.neighborRanges"],
    ['169.254.169.254', "169.254.169.254 is a link-local IPv4 address (169.254.0.0/16), not the neighbor's"],
    ['::ffff:1.1.1.1', "::ffff:101:101 is an IPv4 address in IPv6 form, not the neighbor's"],
    ['64:ff9b::101:101', "64:ff9b::101:101 is an IPv4 address in IPv6 form, not the neighbor's"],
    ['::101:101', "::101:101 is an IPv4 address in IPv6 form, not the neighbor's"],
  ])('%s: %s', (address, reason) => {
    expect(reasonFor([withNeighbor(address)])).toBe(reason);
  });

  it.each(['8.8.8.8', '192.168.1.1', '2001:db8::7'])('%s is one if the operator allows it', (address) => {
    expect(reasonFor([withNeighbor(address)], machine, { settings: everything })).toBe(undefined);
  });

  it.each([
    ['172.20.99.1', 'is the control plane'],
    ['172.22.188.2', 'is the loopback of mesh node 2'],
    ['172.22.188.40', 'is in our own block'],
    ['10.99.0.1', 'is in the network of eth0'],
    ['198.51.100.1', 'is in the network of wan0'],
    ['198.51.100.7', 'is an address of this machine'],
    ['172.31.0.2', 'is a resolver'],
    ['172.20.129.8', 'is an RPKI cache'],
    ['169.254.169.254', 'is a link-local IPv4 address'],
    ['::ffff:1.1.1.1', 'is an IPv4 address in IPv6 form'],
  ])('%s is never one, whatever the operator allows: it %s', (address, reason) => {
    expect(reasonFor([withNeighbor(address)], machine, { settings: everything })).toContain(reason);
  });

  it('is no loopback of an iBGP peer that the mesh does not list, and no endpoint of the mesh', () => {
    const peer = {
      nodeId: 7,
      nodeName: toBirdText('hk-rr'),
      loopbackIpv4: v4('172.20.188.7'),
      loopbackIpv6: undefined,
      isRouteReflector: true,
    };
    const tunnel = { ...peer, publicKey: undefined, mtu: 1420, loopbackIpv4: undefined };
    const rules = neighborRules({
      node,
      ibgpPeers: [peer],
      mesh: [
        { ...tunnel, endpoint: parseEndpoint('hk.example.net:51821') },
        { ...tunnel, nodeId: 8, endpoint: parseEndpoint('10.7.7.8:51821') },
      ],
      resolved: new Map([['hk.example.net', ['10.7.7.7']]]),
    });
    expect(whyNotNeighbor(v4('172.20.188.7'), rules, false)).toEqual({
      what: 'the loopback of iBGP peer 7 (hk-rr)',
      movable: false,
    });
    expect(whyNotNeighbor(v4('10.7.7.7'), rules, false)?.what).toBe('the endpoint of mesh peer 7');
    expect(whyNotNeighbor(v4('10.7.7.8'), rules, false)?.what).toBe('the endpoint of mesh peer 8');
  });

  it('is not the route collector', () => {
    const collector = { asn: asn.parse(4242422602), address: v6('fd42:d42:d42:179::1') };
    const { policy } = everything;
    expect(
      reasonFor([withNeighbor('fd42:d42:d42:179::1')], machine, {
        settings: { ...everything, policy: { ...policy, collector } },
      }),
    ).toBe("fd42:d42:d42:179::1 is the route collector, not the neighbor's");
  });

  it('is judged whichever of the three it is', () => {
    const entry = makeEntry({ ipv6LinkLocal: v6('fe80::2'), ipv4: v4('172.20.99.1') });
    expect(reasonFor([entry])).toBe("172.20.99.1 is the control plane, not the neighbor's");
    expect(reasonFor([makeEntry({ ipv6LinkLocal: v6('fe80::5054:ff:fe12:3456') })])).toBe(undefined);
  });

  it('may be in a network of a tunnel of the agent itself', () => {
    const own = linkOf('wg_24001', ['172.22.188.1/32 peer 172.20.5.9'], 'moenet-agent:abc-123');
    const links = [...(machine.links ?? []), own];
    expect(reasonFor([withNeighbor('172.20.5.9')], { ...machine, links })).toBe(undefined);
  });
});

describe('an address that becomes something else while it is the neighbor’s', () => {
  it.each([
    ['172.31.0.2', 'a resolver of this machine'],
    ['172.20.129.8', 'an RPKI cache'],
    ['172.23.91.128', 'in the network of br-4f1c (172.23.0.0/16)'],
    ['172.22.188.40', 'in our own block 172.22.188.0/26'],
  ])('%s, now %s: the session keeps it, and an operator hears of it', (address, what) => {
    const known = { 'abc-123': [address] };
    const { sessions, warnings } = judge([withNeighbor(address)], machine, { known });
    expect(sessions).toHaveLength(1);
    expect(warnings).toEqual([
      `session abc-123 (AS4242421080): its neighbor's address ${address} is now ${what} as well; the session keeps it, because it had it first`,
    ]);
  });

  it.each([
    ['172.20.99.1', 'the control plane'],
    ['172.22.188.2', 'the loopback of mesh node 2'],
    ['10.99.0.5', 'an address of this machine'],
    ['8.8.8.8', "not in DN42's ranges"],
  ])('%s, now %s: the session is refused all the same', (address, what) => {
    const known = { 'abc-123': [address] };
    expect(reasonFor([withNeighbor(address)], machine, { known })).toContain(what);
  });

  it('as our end of its link: the session keeps it', () => {
    const pair = withNeighbor('172.20.129.9', { localIpv4: v4('172.20.129.8') });
    expect(reasonFor([pair], machine, { known: { 'abc-123': ['172.20.129.9'] } })).toBe(undefined);
    expect(reasonFor([pair])).toContain('172.20.129.8 is an RPKI cache');
  });

  it('is known of this session alone', () => {
    expect(
      reasonFor([withNeighbor('172.31.0.2')], machine, { known: { 'abc-124': ['172.31.0.2'] } }),
    ).toContain('a resolver');
  });
});

describe('an address that another session has', () => {
  const first = withNeighbor('172.20.5.9');
  const other = { uuid: 'abc-124', interface: 'wg_24002', listenPort: 24002, asn: asn.parse(4242422189) };
  const refusals = (...args: Parameters<typeof judge>) => judge(...args).refusals;

  it('is refused for another ASN, and its holder is named', () => {
    expect(refusals([first, withNeighbor('172.20.5.9', other)])).toEqual([
      {
        uuid: 'abc-124',
        reason: "172.20.5.9 is already the neighbor's address of session abc-123 (AS4242421080)",
      },
    ]);
  });

  it('stays with the session that runs, whichever comes first in the list', () => {
    const links = [linkOf('wg_24002', ['172.22.188.1/32 peer 172.20.5.9'], 'moenet-agent:abc-124')];
    const found = judge([first, withNeighbor('172.20.5.9', other)], { links });
    expect(found.sessions.map(({ session }) => session.uuid)).toEqual(['abc-124']);
    expect(found.refusals[0]?.reason).toBe(
      "172.20.5.9 is already the neighbor's address of session abc-124 (AS4242422189)",
    );
  });

  it('stays with a session that runs and cannot be configured as now listed', () => {
    const links = [linkOf('wg_24002', ['172.22.188.1/32 peer 172.20.5.9'], 'moenet-agent:abc-124')];
    const edited = withNeighbor('8.8.8.8', other);
    expect(refusals([edited, first], { links }).map(({ reason }) => reason)).toEqual([
      "8.8.8.8 is not in DN42's ranges; allow it with policy.neighborRanges",
      "172.20.5.9 is already the neighbor's address of session abc-124 (AS4242422189)",
    ]);
  });

  it('is shared by sessions of one ASN, and a link-local one by all', () => {
    const asNeighbor = { ipv4: v4('172.20.5.9'), ipv6LinkLocal: v6('fe80::2') };
    const same = { ...other, asn: asn.parse(4242421080) };
    expect(refusals([makeEntry(asNeighbor), makeEntry({ ...same, ...asNeighbor })])).toEqual([]);
    expect(refusals([makeEntry(), makeEntry(other)])).toEqual([]);
  });

  it('is not spoken with over two tunnels: the second session is refused, or warned of where it runs', () => {
    const second = withNeighbor('172.20.5.9', { ...other, asn: asn.parse(4242421080) });
    const reason =
      "172.20.5.9 is already the neighbor's address of session abc-123 (AS4242421080), and BGP with one address runs over one tunnel only; give the second link a link-local address, or a /31 or /127 of its own";
    expect(refusals([first, second])).toEqual([{ uuid: 'abc-124', reason }]);
    const links = ['wg_24001', 'wg_24002'].map((name, index) =>
      linkOf(name, [], `moenet-agent:abc-12${3 + index}`),
    );
    const { sessions, warnings } = judge([first, second], { links });
    expect(sessions).toHaveLength(2);
    expect(warnings).toEqual([`session abc-124 (AS4242421080): ${reason}`]);
  });

  it('is no neighbor where it is our own on another tunnel, which several of them may have', () => {
    const ownIpv6 = v6('fd00:4242:7777:f::4');
    const told = (part: Parameters<typeof makeEntry>[0]) => makeEntry({ ownIpv6, ...part });
    expect(refusals([told({}), told(other)])).toEqual([]);
    const pair = { ipv6: ownIpv6, localIpv6: v6('fd00:4242:7777:f::5'), ipv6LinkLocal: undefined };
    expect(refusals([told({}), makeEntry({ ...other, ...pair })])[0]?.reason).toBe(
      'fd00:4242:7777:f::4 is already our own address of session abc-123 (AS4242421080)',
    );
    expect(refusals([makeEntry(pair), told(other)])[0]?.reason).toBe(
      "fd00:4242:7777:f::4 is already the neighbor's address of session abc-123 (AS4242421080)",
    );
  });

  it('is no other end, no endpoint and no neighbor of anybody else', () => {
    const pair = withNeighbor('172.20.5.8', { localIpv4: v4('172.20.5.9') });
    expect(refusals([pair, withNeighbor('172.20.5.9', other)])[0]?.reason).toBe(
      '172.20.5.9 is already our end of the link of session abc-123 (AS4242421080)',
    );
    const inside = { host: v4('172.20.5.9'), port: 51820, named: false };
    expect(refusals([first, makeEntry({ ...other, endpoint: inside })])[0]?.reason).toBe(
      "172.20.5.9 is already the neighbor's address of session abc-123 (AS4242421080)",
    );
    expect(refusals([makeEntry({ endpoint: inside }), withNeighbor('172.20.5.9', other)])[0]?.reason).toBe(
      '172.20.5.9 is already the endpoint of session abc-123 (AS4242421080)',
    );
  });
});
