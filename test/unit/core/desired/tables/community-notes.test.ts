import { expect, it } from 'vitest';
import { describeCommunities } from '../../../../../src/core/desired/tables/community-notes.js';
import { wikiCommunities } from '../../../../../src/core/model/wiki-communities.js';
import { documented } from '../../render/routings.js';

const table = documented.policy.communities;

it("the control plane's table is compared with the wiki, this node's region first", () => {
  const notes = describeCommunities(table, 'as_e');
  expect(notes).toHaveLength(2);
  expect(notes[0]).toBe(
    `communities: 5 bandwidth values of the policy contradict https://dn42.dev/howto/BGP-communities: 100m_plus is (64511, 21), which is 100k_plus there ((64511, 24) is 100m_plus), and so on. To use the wiki's here, set policy.communities.bandwidth to "wiki"`,
  );
  expect(notes[1]).toContain('7 region values of the policy contradict');
  expect(notes[1]).toContain(': as_e is (64511, 50), which is as_s there ((64511, 52) is as_e), and so on');
});

it('a table that agrees with the wiki, or has its own names and values, causes no note', () => {
  expect(describeCommunities(wikiCommunities, 'as_e')).toEqual([]);
  expect(describeCommunities({}, undefined)).toEqual([]);
  expect(describeCommunities({ region: { moon: [64_511, 41], eu: [65_000, 1] } }, 'moon')).toEqual([]);
});

it('a name that the wiki splits up may have either value', () => {
  expect(describeCommunities({ region: { sa: [64_511, 47], me: [64_511, 56] } }, 'sa')).toEqual([]);
  expect(describeCommunities({ region: { me: [64_511, 47] } }, 'me')[0]).toContain(
    'me is (64511, 47), which is sa_w there ((64511, 56) is me)',
  );
  expect(describeCommunities({ region: { sa: [64_511, 48] } }, 'sa')[0]).toContain(
    'sa is (64511, 48), which is af_n there ((64511, 46) or (64511, 47) is sa)',
  );
});
