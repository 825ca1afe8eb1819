import { describe, expect, it } from 'vitest';
import type { CommunityTable } from '../../../../src/core/model/control-plane.js';
import type { Routing } from '../../../../src/core/model/routing.js';
import { communityView, tierConstant } from '../../../../src/core/render/community-view.js';
import { documented } from './routings.js';

const withTable = (communities: CommunityTable, node: Partial<Routing['node']> = {}) =>
  communityView({
    ...documented,
    node: { ...documented.node, ...node },
    policy: { ...documented.policy, communities },
  });
const table = documented.policy.communities;

describe('communityView', () => {
  it('gives a tier that the table lacks the next slower one, or the slowest', () => {
    const { tiers } = withTable({ latency: { tier1: [64511, 2], tier3: [64511, 4] } });
    const added = (tiers as readonly { readonly community: string }[]).map(({ community }) => community);
    expect(added).toEqual([...Array(2).fill('(64511, 2)'), ...Array(7).fill('(64511, 4)')]);
  });

  it('takes the link’s bandwidth from the named community, else from the node’s bandwidth', () => {
    expect(withTable(table, { bandwidthCommunity: 'DN42_BW_10G_PLUS' })).toMatchObject({
      linkBandwidth: '(64511, 22)',
    });
    expect(withTable(table, { bandwidthCommunity: 'DN42_BW_NEW' })).toMatchObject({
      linkBandwidth: '(64511, 23)',
    });
    expect(
      withTable(table, { bandwidthCommunity: undefined, bandwidth: undefined })['linkBandwidth'],
    ).toBeUndefined();
  });

  it('finds the regions of the node’s continent', () => {
    const continentOf = (node: Partial<Routing['node']>) => withTable(table, node)['continentSet'];
    expect(continentOf({})).toEqual(['(64511, 48)', '(64511, 49)', '(64511, 50)', '(64511, 53)']);
    expect(continentOf({ continentLc: undefined, regionCommunity: 'DN42_REGION_NA_W' })).toEqual([
      '(64511, 42)',
      '(64511, 43)',
      '(64511, 44)',
    ]);
    expect(continentOf({ continentLc: 'LC_ORIGIN_EU' })).toEqual(['(64511, 41)']);
    expect(continentOf({ continentLc: undefined, regionCommunity: undefined })).toEqual([]);
  });

  it('names a value once where two names have it', () => {
    const { cryptoSet, cryptos } = withTable({ crypto: { a: [64511, 31], b: [64511, 31], c: [64511, 34] } });
    expect(cryptoSet).toEqual(['(64511, 31)', '(64511, 34)']);
    expect(cryptos).toEqual(['(64511, 31)']);
  });

  it('has nothing where the control plane sends nothing', () => {
    expect(withTable({})).toMatchObject({ latencySet: [], bandwidthSet: [], cryptoSet: [], regionSet: [] });
  });
});

describe('tierConstant', () => {
  it('names the tier, the slowest that there is at most', () => {
    expect([undefined, 0, 8, 12].map(tierConstant)).toEqual([
      'MOENET_TIER_UNKNOWN',
      'MOENET_TIER_0',
      'MOENET_TIER_8',
      'MOENET_TIER_8',
    ]);
  });
});
