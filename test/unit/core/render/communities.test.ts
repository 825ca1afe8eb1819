import { describe, expect, it } from 'vitest';
import type { CommunityTable } from '../../../../src/core/model/control-plane.js';
import {
  bandwidthOf,
  bandwidthsByAmount,
  communityNamed,
  cryptoByStrength,
  latencyTiers,
  nameBehind,
  regionsWhere,
} from '../../../../src/core/render/communities.js';
import { documented } from './routings.js';

const { communities, largeCommunities } = documented.policy;
const texts = (list: readonly { readonly text: string }[]) => list.map(({ text }) => text);

describe('the order within a category', () => {
  it('is the tier’s number for latency', () => {
    const shuffled = {
      latency: { tier2: [64511, 1], tier0: [64511, 7], tier8: [64511, 3], slow: [64511, 4] },
    };
    expect([...latencyTiers(shuffled)].map(([tier, { text }]) => [tier, text])).toEqual([
      [0, '(64511, 7)'],
      [2, '(64511, 1)'],
      [8, '(64511, 3)'],
    ]);
  });

  it('is the amount that the name says for bandwidth, whatever the values are', () => {
    expect(bandwidthsByAmount(communities).map(({ name }) => name)).toEqual([
      '100k_plus',
      '10m_plus',
      '100m_plus',
      '1g_plus',
      // The table's, and then those of the wiki.
      '10g_plus',
      '10g_plus',
      '100g_plus',
      '1t_plus',
      '10t_plus',
    ]);
    expect(bandwidthsByAmount({ bandwidth: { fast: [65000, 21], '2.5g': [65000, 22] } })).toHaveLength(1);
  });

  it('is the value for crypto', () => {
    const own = { crypto: { best: [65000, 134], none: [65000, 31], other: [64999, 99] } };
    expect(texts(cryptoByStrength(own))).toEqual(['(64999, 99)', '(65000, 31)', '(65000, 134)']);
    const values = [31, 32, 33, 34, 35, 36].map((value) => `(64511, ${value})`);
    expect(texts(cryptoByStrength({ crypto: { psk: [64511, 35], none: [64511, 31] } }))).toEqual(values);
  });

  it('does not depend on the order in which the control plane sends it', () => {
    const reversed: CommunityTable = {
      region: Object.fromEntries(Object.entries(communities['region'] ?? {}).toReversed()),
    };
    expect(regionsWhere(reversed, () => true)).toEqual(regionsWhere(communities, () => true));
  });
});

describe('bandwidthOf', () => {
  it('is the largest of the table that the link has', () => {
    expect(bandwidthOf(communities, '1G')?.name).toBe('1g_plus');
    expect(bandwidthOf(communities, '900M')?.name).toBe('100m_plus');
    expect(bandwidthOf(largeCommunities, '2.5G')?.text).toBe('(4242420998, 5, 2000)');
  });

  it('is none if the link has less than all, or nothing is known of it', () => {
    expect(bandwidthOf(communities, '64k')).toBeUndefined();
    expect(bandwidthOf(communities, undefined)).toBeUndefined();
    expect(bandwidthOf({}, '1G')).toBeUndefined();
  });
});

describe('names', () => {
  it('are what follows the prefix of a constant', () => {
    expect(nameBehind('dn42_region_', 'DN42_REGION_AS_E')).toBe('as_e');
    expect(nameBehind('dn42_region_', 'as_e')).toBe('as_e');
    expect(nameBehind('dn42_region_', undefined)).toBeUndefined();
  });

  it('find their community, or none', () => {
    expect(communityNamed(largeCommunities, 'origin', 'as')?.text).toBe('(4242420998, 1, 100)');
    expect(communityNamed(largeCommunities, 'origin', 'xx')).toBeUndefined();
    expect(communityNamed({}, 'origin', 'as')).toBeUndefined();
    expect(communityNamed(largeCommunities, 'origin', undefined)).toBeUndefined();
  });
});
