import { expect, it } from 'vitest';
import { communityCounts, communityQuestions } from '../../../../src/core/lookups/community-counts.js';

const table = {
  latency: { tier0: [64511, 1], tier3: [64511, 4] },
  region: { eu: [64511, 41], as_e: [64511, 52] },
  actions: { no_export: [65535, 65281] },
};

it('asks for what the policy names, and nothing else', () => {
  expect(communityQuestions(table)).toEqual([
    { category: 'latency', key: '0', value: [64511, 1] },
    { category: 'latency', key: '3', value: [64511, 4] },
    { category: 'region', key: 'as_e', value: [64511, 52] },
    { category: 'region', key: 'eu', value: [64511, 41] },
  ]);
});

it('sorts the answers by category: every tier, and of the rest what there is', () => {
  expect(communityCounts(12, communityQuestions(table), [5, 0, 3, 0])).toEqual({
    totalRoutes: 12,
    distributions: {
      latency: { 0: 5, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0 },
      bandwidth: {},
      crypto: {},
      region: { as_e: 3 },
    },
  });
});
