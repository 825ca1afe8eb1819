import type { CommunityTable } from '../../model/control-plane.js';
import { firstSentences } from '../../model/list-some.js';
import { wikiCommunities, wikiPage } from '../../model/wiki-communities.js';

const mostNamed = 3;

/** Names of control planes for what the wiki has more than one name for, or another. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  sa: ['sa_e', 'sa_w'],
  af: ['af_n', 'af_s'],
  me: ['as_w'],
};

/**
 * Where the policy's table of communities contradicts the network's wiki, a sentence for each group: others read our routes by the wiki.
 * The region of this node, which its own routes carry, is named first. Names that the wiki does not know are not compared.
 */
export function describeCommunities(table: CommunityTable, ownRegion: string | undefined): string[] {
  return Object.keys(wikiCommunities).flatMap((group) => {
    const wrong = contradictions(group, table[group] ?? {});
    const own = wrong.filter(({ name }) => name === ownRegion);
    const all = [...own, ...wrong.filter(({ name }) => name !== ownRegion)];
    if (all.length === 0) return [];
    const named = firstSentences(
      all.map(({ words }) => words),
      mostNamed,
      'differ',
    ).join('; ');
    return [
      `communities: the network's wiki (${wikiPage}) gives ${all.length} ${group} values of the policy another meaning: ${named}. To use the wiki's values on this node, set policy.communities.${group} to "wiki" in the agent's file`,
    ];
  });
}

interface Contradiction {
  readonly name: string;
  readonly words: string;
}

function contradictions(group: string, values: CommunityTable[string]): Contradiction[] {
  const wiki = Object.entries(wikiCommunities[group] ?? {}).map(
    ([name, value]) => [name, textOf(value)] as const,
  );
  const meanings = new Map(wiki.map(([name, value]) => [value, name]));
  const known = new Map(wiki);
  return Object.entries(values).flatMap(([written, value]) => {
    const name = written.toLowerCase();
    const names = otherNames[name] ?? [name];
    const meaning = meanings.get(textOf(value));
    if (meaning === undefined || names.includes(meaning)) return [];
    const right = names.flatMap((each) => known.get(each) ?? []);
    if (right.length === 0) return [];
    return [
      {
        name,
        words: `${name} is ${textOf(value)}, which is ${meaning} there (${right.join(' or ')} is ${name})`,
      },
    ];
  });
}

function textOf(value: readonly number[]): string {
  return `(${value.join(', ')})`;
}
