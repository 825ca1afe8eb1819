import type { CommunityTable } from '../../model/control-plane.js';
import { wikiCommunities, wikiPage } from '../../model/wiki-communities.js';

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
    const [first] = all;
    if (first === undefined) return [];
    const others = all.length === 1 ? '' : ', and so on';
    const values = `${all.length} ${group} ${all.length === 1 ? 'value' : 'values'} of the policy`;
    return [
      `communities: ${values} ${all.length === 1 ? 'contradicts' : 'contradict'} ${wikiPage}: ${first.words}${others}. To use the wiki's here, set policy.communities.${group} to "wiki"`,
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
