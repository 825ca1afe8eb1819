import { describe, expect, it } from 'vitest';
import type { CommunityTable } from '../../../../src/core/model/control-plane.js';
import type { Routing } from '../../../../src/core/model/routing.js';
import { wikiCommunities } from '../../../../src/core/model/wiki-communities.js';
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
    // Those of the table, and those of the wiki that the table does not have.
    expect(continentOf({})).toEqual([48, 49, 50, 53, 55, 56, 57].map((value) => `(64511, ${value})`));
    expect(continentOf({ continentLc: undefined, regionCommunity: 'DN42_REGION_NA_W' })).toEqual([
      '(64511, 42)',
      '(64511, 43)',
      '(64511, 44)',
    ]);
    expect(continentOf({ continentLc: 'LC_ORIGIN_EU' })).toEqual(['(64511, 41)']);
    expect(continentOf({ continentLc: undefined, regionCommunity: undefined })).toEqual([]);
  });

  it('names a value once if two names have it', () => {
    const { cryptoSet, cryptos } = withTable({ crypto: { a: [65000, 31], b: [65000, 31], c: [65000, 34] } });
    expect(cryptoSet).toEqual(['(65000, 31)', '(65000, 34)']);
    expect(cryptos).toEqual(['(65000, 31)']);
  });

  it('reads values outside the table as the wiki has them', () => {
    const { bandwidthSet, cryptoSet, regionSet, latencySet } = withTable(table);
    const values = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `(64511, ${from + index})`);
    // By amount: 100k, 10m, 100m, 1g, 10g of the table, then 10g and more of the wiki.
    expect(bandwidthSet).toEqual([24, 25, 21, 23, 22, 26, 27, 28, 29].map((value) => `(64511, ${value})`));
    expect(cryptoSet).toEqual(values(31, 36));
    expect(regionSet).toEqual(values(41, 57));
    expect(latencySet).toEqual(values(1, 9));
  });

  it('knows WireGuard by the wiki, whatever the best of the table is', () => {
    const crypto = (values: CommunityTable[string]) => {
      const { cryptoPlain, cryptoPreshared } = withTable({ crypto: values });
      return [cryptoPlain, cryptoPreshared];
    };
    const wiki = ['(64511, 34)', '(64511, 35)'];
    expect(crypto(wikiCommunities['crypto'] ?? {})).toEqual(wiki);
    expect(crypto(table['crypto'] ?? {})).toEqual(wiki);
    expect(crypto({ none: [64511, 31], quantum: [64511, 36] })).toEqual(wiki);
    expect(crypto({ pfs: [65000, 1], psk: [65000, 2], best: [65000, 3] })).toEqual([
      '(65000, 1)',
      '(65000, 2)',
    ]);
    expect(crypto({ none: [65000, 1], best: [65000, 3] })).toEqual(['(65000, 3)', '(65000, 3)']);
    expect(crypto({})).toEqual([undefined, undefined]);
  });

  it('takes bandwidth and region of the node from the wiki’s table by the same names', () => {
    const node = { bandwidthCommunity: 'DN42_BW_1G_PLUS', regionCommunity: 'DN42_REGION_AS_E' };
    expect(withTable(wikiCommunities, node)).toMatchObject({
      linkBandwidth: '(64511, 25)',
      region: '(64511, 52)',
      continentSet: [50, 51, 52, 55, 56, 57].map((value) => `(64511, ${value})`),
    });
  });

  it('has nothing if the control plane sends nothing', () => {
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
