import { describe, expect, it } from 'vitest';
import { whyBetter } from '../../../../src/core/explain/route/best-route.js';
import { communityWords } from '../../../../src/core/explain/route/community-words.js';
import { coveringRoas, roaState } from '../../../../src/core/explain/route/roa-state.js';
import { whyNotSent } from '../../../../src/core/explain/route/why-not-sent.js';
import { parseRoutes } from '../../../../src/core/lookups/bird-routes.js';
import { type Prefix, parsePrefix } from '../../../../src/core/model/values/ip.js';

const bird2 = `Table master4:
172.21.11.0/24       unicast [dn42_1 08:15:23.167] * (100) [AS1i]
	via fe80::11 on wg_11
	Type: BGP univ
	BGP.origin: IGP
	BGP.as_path: 1 2
	BGP.local_pref: 150
	BGP.community: (64511,23) (64511,34)
	BGP.large_community: (4242420998, 9001, 1)
                     unicast [ibgp_2 08:15:26.931 from fd00::2] (100/96) [AS1i]
	via fe80::1 on dn42-wg-igp-2
	BGP.as_path: 1 2
	BGP.local_pref: 150`.split('\n');
const bird3 = `Table master4:
172.21.11.0/24       unicast [dn42_1 2026-11-26 08:15:23.167] * (100) [AS1i]
	via fe80::11 on wg_11
	preference: 100
	source: BGP
	bgp_origin: IGP
	bgp_path: 1 2
	bgp_med: 5
	bgp_local_pref: 150
	bgp_large_community: (4242420998, 9001, 1)`.split('\n');

describe("BIRD's lines on routes", () => {
  it('are read', () => {
    const [first, second] = parseRoutes(bird2);
    expect(first).toMatchObject({
      network: '172.21.11.0/24',
      protocol: 'dn42_1',
      isBest: true,
      asPath: ['1', '2'],
      localPreference: 150,
      communities: ['64511,23', '64511,34'],
      largeCommunities: ['4242420998,9001,1'],
    });
    expect(second).toMatchObject({
      network: '172.21.11.0/24',
      protocol: 'ibgp_2',
      from: 'fd00::2',
      isBest: false,
      igpMetric: 96,
    });
  });

  it('are read as BIRD 3 has them', () => {
    expect(parseRoutes(bird3)).toMatchObject([
      { med: 5, localPreference: 150, asPath: ['1', '2'], origin: 'IGP' },
    ]);
  });
});

const route = parseRoutes(bird2)[0];
if (!route) throw new Error('no route');

describe('the better route', () => {
  const isIbgp = (name: string) => name.startsWith('ibgp');
  it.each([
    [{ preference: 50 }, /preference of the protocol: 100 against 50/],
    [{ kind: 'unreachable' }, /next hop that can be reached/],
    [{ localPreference: 100, asPath: [] }, /local preference: 150 against 100/],
    [{ asPath: ['1', '2', '3'] }, /lower length of the AS path: 2 against 3/],
    [{ origin: 'Incomplete' }, /origin/],
    [{ med: 10 }, /lower MED: 0 against 10/],
    [{ protocol: 'ibgp_2' }, /eBGP before iBGP/],
    [{ asPath: ['9', '2'], med: 10 }, /router id/],
  ])('is so by the first step that tells them apart: %j', (other, words) => {
    expect(whyBetter(route, { ...route, ...other }, isIbgp)).toMatch(words);
  });
});

describe('a route that is not sent', () => {
  const peer = { protocol: 'dn42_7', asn: 7, policy: 'peer' } as const;
  const customer = { ...peer, policy: 'upstream' } as const;
  const marked = (...marks: string[]) => ({
    ...route,
    largeCommunities: marks.map((mark) => `4242420998,${mark}`),
  });
  it.each([
    [route, { ...peer, protocol: 'dn42_1' }, /came from this neighbor/],
    [route, peer, /came from a peer, and this neighbor is a peer/],
    [marked('9001,3'), peer, /came from a provider/],
    [marked('9001,2', '9100,7'), peer, /asks not to announce it to AS7/],
    [marked('9001,1', '9120,2'), customer, /to such sessions/],
    [marked('9001,2', '9110,41'), customer, /in a region/],
    [marked('9007,0'), customer, /blackhole/],
    [marked('9005,9'), customer, /policy\.ownPrefixes/],
    [{ ...route, kind: 'unreachable' }, customer, /cannot be reached/],
    [{ ...route, localPreference: undefined }, customer, /no route of a neighbor/],
    [route, customer, /export filter refuses it/],
  ])('has its rule (%#)', (best, target, words) => {
    expect(whyNotSent(best, target, 4242420998)).toMatch(words);
  });
});

it('ROAs are compared as RFC 6811 says', () => {
  const network = parsePrefix('172.21.11.0/24') as Prefix;
  const roa = { prefix: parsePrefix('172.21.0.0/16') as Prefix, maxLength: 24, asn: 1 };
  const other = { prefix: parsePrefix('172.22.0.0/16') as Prefix, maxLength: 24, asn: 2 };
  const covering = coveringRoas(network, [roa, other]);
  expect(covering).toEqual([roa]);
  expect(roaState(network, 1, covering)).toBe('valid');
  expect(roaState(network, 2, covering)).toBe('invalid');
  expect(roaState(network, 1, [{ ...roa, maxLength: 20 }])).toBe('invalid');
  expect(roaState(network, 1, [])).toBe('unknown');
});

it("communities have the network's names, then DN42's, and the agent's own marks", () => {
  const context = {
    asn: 4242420998,
    communities: { region: { home: [64511, 50] } },
    largeCommunities: {},
    nodes: new Map([[1, 'jp1']]),
  };
  const communities = ['64511,50', '64511,2', '65535,0', '1,2'];
  const marks = ['9001,2', '9003,1', '9100,7', '9112,41', '9123,9', '9002,5'];
  const largeCommunities = marks.map((mark) => `4242420998,${mark}`);
  expect(
    communityWords({ communities, largeCommunities }, context).map((each) => each.replace(/^\(.*?\) /, '')),
  ).toEqual([
    'region home',
    'latency tier 1: up to 7.3 ms on the slowest link',
    'graceful shutdown: this way will soon be gone (RFC 8326)',
    'unknown',
    'came in by a session with the policy upstream',
    'came in at node 1 (jp1)',
    'asks: do not announce it to AS7',
    'asks: prepend our AS 2 times to neighbors in the region 41',
    'asks: prepend our AS 3 times to all',
  ]);
});
