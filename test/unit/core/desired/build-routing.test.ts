import { describe, expect, it } from 'vitest';
import { buildRouting, type RoutingInput } from '../../../../src/core/desired/build-routing.js';
import { identifyNode } from '../../../../src/core/desired/node.js';
import type { BirdConfig } from '../../../../src/core/model/control-plane.js';
import { nothingPreserved } from '../../../../src/core/model/preserved.js';
import { defaultPolicy } from '../../../../src/core/model/routing.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { parsePrefix } from '../../../../src/core/model/values/ip.js';
import { wikiCommunities } from '../../../../src/core/model/wiki-communities.js';
import { bootstrap, nodeSettings } from '../../make.js';

const limits = {
  ebgpImportLimit: 1,
  ebgpExportLimit: 2,
  ibgpImportLimit: 3,
  ibgpExportLimit: 4,
  asPathMaxLength: 5,
};
const policy: BirdConfig['policy'] = {
  ...limits,
  asn: undefined,
  ipv4Prefix: parsePrefix('172.22.188.0/26'),
  ipv6Prefix: parsePrefix('fd00:4242:7777::/48'),
  rpkiServers: [],
  communities: {},
  largeCommunities: {},
};
const birdConfig: BirdConfig = {
  node: {
    id: 1,
    isRouteReflector: false,
    bandwidth: undefined,
    loopbackIpv4: undefined,
    loopbackIpv6: undefined,
    continentLc: undefined,
    subregionLc: undefined,
    regionCommunity: undefined,
    bandwidthCommunity: undefined,
  },
  policy,
  ibgpPeers: [],
  refused: [],
};

const node = identifyNode('jp1', bootstrap, birdConfig);

function routing(part: Partial<RoutingInput> = {}) {
  return buildRouting({
    settings: nodeSettings,
    birdVersion: '2.0.12',
    node,
    birdConfig,
    sessions: [],
    mesh: [],
    memory: { maintenance: false, latencyTiers: {} },
    preserved: nothingPreserved,
    protectedNetworks: [],
    caches: [],
    alone: { isAlone: false },
    refusedRoles: [],
    ...part,
  });
}

describe('the routing policy', () => {
  it('is the control plane’s, with what only the operator’s file says', () => {
    const blockedAsns = [asn.parse(4242420666)];
    const customers = [{ asn: asn.parse(4242420001), asns: [asn.parse(4242420002)] }];
    const settings = {
      ...nodeSettings,
      policy: { ...nodeSettings.policy, roaUnknown: 'reject' as const, blockedAsns, customers },
    };
    const { asn: _, ...sent } = policy;
    expect(routing({ settings })?.policy).toEqual({
      ...sent,
      ownPrefixes: [],
      ownBlocks: 'announce',
      roaUnknown: 'reject',
      blockedAsns,
      customers,
    });
  });

  it('has the groups of communities of the operator’s file in place of the control plane’s', () => {
    const communities = { region: { as_e: [64511, 50] }, crypto: { none: [64511, 31] } };
    const settings = {
      ...nodeSettings,
      policy: {
        ...nodeSettings.policy,
        communities: { region: 'wiki' as const, bandwidth: { '1g_plus': [64511, 25] } },
      },
    };
    const sent = { ...birdConfig, policy: { ...policy, communities } };
    expect(routing({ settings, birdConfig: sent })?.policy.communities).toEqual({
      region: wikiCommunities['region'],
      bandwidth: { '1g_plus': [64511, 25] },
      crypto: communities.crypto,
    });
  });

  it.each([
    ['does not answer', undefined],
    [
      'says nothing of limits',
      {
        ...birdConfig,
        policy: {
          ...policy,
          ...{ ipv4Prefix: undefined, ipv6Prefix: undefined },
          ...Object.fromEntries(Object.keys(limits).map((key) => [key, undefined])),
        } as BirdConfig['policy'],
      },
    ],
  ])('has its default limits if the control plane %s', (_, silent) => {
    expect(routing({ birdConfig: silent })?.policy).toEqual(defaultPolicy);
  });
});

it.each(['asn', 'routerId'] as const)('there is nothing to render without its %s', (key) => {
  expect(routing({ node: { ...node, [key]: undefined } })).toBeUndefined();
});
