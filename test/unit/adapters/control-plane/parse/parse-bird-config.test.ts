import { describe, expect, it } from 'vitest';
import { WrongShapeError } from '../../../../../src/adapters/control-plane/parse/json.js';
import { parseBirdConfig } from '../../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { fixture } from '../fixture.js';

const policyOf = (policy: Record<string, unknown>) => parseBirdConfig({ policy });

describe('parseBirdConfig', () => {
  it.each([
    ['documented', fixture('documented/bird-config.json')],
    ['moenet-core', (fixture('moenet-core/bird-config.json') as { data: unknown }).data],
  ])('reads the %s answer', (_name, answer) => {
    const config = parseBirdConfig(answer);
    expect(config).toMatchObject({
      node: {
        id: 1,
        isRouteReflector: false,
        bandwidth: '1G',
        loopbackIpv4: '172.22.188.1',
        loopbackIpv6: 'fd00:4242:7777:101:1::1',
        continentLc: 'LC_ORIGIN_AS',
        subregionLc: 'LC_REGION_AS_E',
        regionCommunity: 'DN42_REGION_AS_E',
        bandwidthCommunity: 'DN42_BW_1G_PLUS',
      },
      policy: {
        asn: 4242420998,
        ipv4Prefix: '172.22.188.0/26',
        ipv6Prefix: 'fd00:4242:7777::/48',
        rpkiServers: [
          { name: 'akae', host: 'rpki.akae.re', port: 8082 },
          { name: 'launchpadx', host: 'rpki.dn42.launchpadx.top', port: 8082 },
        ],
        ebgpImportLimit: 10000,
        ebgpExportLimit: 5000,
        ibgpImportLimit: 20000,
        ibgpExportLimit: 30000,
        asPathMaxLength: 5,
        communities: { bandwidth: { '10g_plus': [64511, 22] } },
        largeCommunities: { origin: { as: [4242420998, 1, 100] } },
      },
      refused: [],
    });
    expect(Object.keys(config.policy.communities)).toEqual(['latency', 'bandwidth', 'crypto', 'region']);
    expect(config.ibgpPeers).toEqual([
      {
        nodeId: 2,
        nodeName: 'hk-rr',
        loopbackIpv4: '172.22.188.2',
        loopbackIpv6: 'fd00:4242:7777:101:2::1',
        isRouteReflector: true,
      },
    ]);
  });

  it('takes numbers for text and text for numbers', () => {
    const { policy } = policyOf({
      dn42As: 4242420998,
      ebgpImportLimit: '9000',
      communities: { a: { b: ['1', '2'] } },
    });
    expect(policy).toMatchObject({
      asn: 4242420998,
      ebgpImportLimit: 9000,
      communities: { a: { b: [1, 2] } },
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ dn42As: 'ASX' }, 'policy.dn42As: "ASX" is not an AS number from 1 to 4294967294'],
    [{ dn42Ipv4Prefix: 'fd00::/8' }, 'policy.dn42Ipv4Prefix: is not an IPv4 prefix'],
    [{ ebgpImportLimit: -1 }, 'policy.ebgpImportLimit: -1 is not a number of routes from 1 to 100000000'],
    [{ communities: [] }, 'policy.communities: a list, not an object'],
    [{ communities: { a: 5 } }, 'policy.communities.a: a number, not an object'],
    [
      { communities: { a: { b: [65536, 1] } } },
      'policy.communities.a.b.0: 65536 is not a number from 0 to 65535',
    ],
    [{ communities: { 'a"': {} } }, 'policy.communities: "a\\"" is not a name of letters, digits and "_"'],
    [
      { communities: JSON.parse('{"__proto__": {"x": [1, 2]}}') },
      'policy.communities: "__proto__" is not a name of letters, digits and "_"',
    ],
    [{ rpkiServers: {} }, 'policy.rpkiServers: an object, not a list'],
    [
      { rpkiServers: [{ name: 'x', host: 'a b', port: 1 }] },
      'policy.rpkiServers.0.host: "a b" is not a host',
    ],
    [{ rpkiServers: [{ name: 'x', host: 'a.example' }] }, 'policy.rpkiServers.0: has no host or no port'],
  ])('leaves out what it does not understand, and says so: %j', (policy, reason) => {
    const config = policyOf(policy);
    expect(config.refused).toEqual([reason]);
    expect(config.policy).toMatchObject({ asn: undefined, ipv4Prefix: undefined, rpkiServers: [] });
    expect(Object.values(config.policy.communities).flatMap((group) => Object.keys(group))).toEqual([]);
  });

  it('drops communities with too few or too many values', () => {
    const config = policyOf({ communities: { a: { b: [1], c: [1, 2, 3], d: [1, 2] } } });
    expect(config.policy.communities).toEqual({ a: { d: [1, 2] } });
    expect(config.refused).toHaveLength(2);
  });

  it("makes the RPKI servers' names unique words for BIRD", () => {
    const server = (name: string | undefined) => ({ name, host: 'fd42::1', port: 8082 });
    const config = policyOf({ rpkiServers: [server('a-b'), server('a.b'), server(undefined)] });
    expect(config.policy.rpkiServers.map(({ name }) => name)).toEqual(['a_b', 'fd42__1']);
    expect(config.refused).toEqual(['policy.rpkiServers: there are two servers named a_b']);
  });

  it('refuses an iBGP peer alone', () => {
    const good = { nodeId: 3, loopbackIpv6: 'fd00::3' };
    const config = parseBirdConfig({
      policy: {},
      ibgpPeers: [good, null, { nodeId: 4 }, { ...good, loopbackIpv4: 'x' }],
    });
    expect(config.ibgpPeers).toMatchObject([{ nodeId: 3, nodeName: 'node 3', isRouteReflector: false }]);
    expect(config.refused).toEqual([
      'ibgpPeers.1: has no nodeId or no loopback address',
      'ibgpPeers.2: has no nodeId or no loopback address',
      'ibgpPeers.3.loopbackIpv4: "x" is not an IPv4 address',
    ]);
  });

  it('lets no invalid word of the node into the configuration', () => {
    const node = { continentLc: 'X; drop', bandwidth: '"' };
    const config = parseBirdConfig({ policy: {}, node });
    expect(config.node).toMatchObject({ continentLc: undefined, bandwidth: undefined });
    expect(config.refused).toHaveLength(2);
  });

  it('names the first of very many problems only', () => {
    const communities = Object.fromEntries(
      Array.from({ length: 500 }, (_, number) => [`c${number}`, number]),
    );
    const { refused } = policyOf({ communities });
    expect(refused).toHaveLength(51);
    expect(refused.at(-1)).toBe('and 450 more');
  });

  it.each([[null], [[]], [{}], [{ policy: [] }], [{ policy: {}, ibgpPeers: {} }]])(
    'takes %j for no answer',
    (answer) => {
      expect(() => parseBirdConfig(answer)).toThrow(WrongShapeError);
    },
  );
});
