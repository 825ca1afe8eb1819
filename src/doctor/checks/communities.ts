import { describeCommunities } from '../../core/desired/tables/community-notes.js';
import type { Check } from '../check.js';
import { ok, warning } from '../finding.js';
import { toEdit } from '../forbidden.js';

export const communityCheck: Check = {
  name: 'communities',
  limitMs: 5_000,
  look: async ({ stored, node, configPath }) => {
    if (!stored.birdConfig) return [ok('the table is not known before the first start')];
    // The operator of this node has decided on these.
    const replaced = Object.keys(node?.policy.communities ?? {});
    const table = Object.fromEntries(
      Object.entries(stored.birdConfig.policy.communities).filter(([group]) => !replaced.includes(group)),
    );
    const wrong = describeCommunities(table, undefined);
    return wrong.length === 0
      ? [ok("the table agrees with DN42's wiki")]
      : wrong.map((words) => warning(words, toEdit(configPath)));
  },
};
