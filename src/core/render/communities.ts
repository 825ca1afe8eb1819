import type { CommunityTable } from '../model/control-plane.js';
import { wikiAs, wikiCommunities } from '../model/wiki-communities.js';

/** A community of the policy, with its value as BIRD writes it: `(64511, 1)`, `(4242420998, 1, 100)`. */
export interface NamedCommunity {
  readonly name: string;
  readonly text: string;
}

/**
 * Those of a category in DN42's wiki that are not in the table, where the table has any of DN42's: a neighbor may send them, and
 * they mean what the wiki says.
 */
function wikiBeside(table: CommunityTable, category: string): NamedCommunity[] {
  const inTable = communitiesOf(table, category).map(({ text }) => text);
  if (!inTable.some(isDn42)) return [];
  return communitiesOf(wikiCommunities, category).filter(({ text }) => !inTable.includes(text));
}

function isDn42(text: string): boolean {
  return text.startsWith(`(${wikiAs}, `);
}

/** The latency tiers by number, 0 the fastest. Numbers that the table lacks are absent. */
export function latencyTiers(table: CommunityTable): ReadonlyMap<number, NamedCommunity> {
  const tiers = communitiesOf(table, 'latency').flatMap((community) => {
    const tier = /^tier([0-8])$/.exec(community.name)?.[1];
    return tier === undefined ? [] : [[Number(tier), community] as const];
  });
  return new Map(tiers.sort(([a], [b]) => a - b));
}

/** From the least bandwidth to the most, by name (`100k_plus`, `1g`), with those of the wiki, because the values are in no order. */
export function bandwidthsByAmount(table: CommunityTable): NamedCommunity[] {
  return byAmount([...communitiesOf(table, 'bandwidth'), ...wikiBeside(table, 'bandwidth')]);
}

function byAmount(communities: readonly NamedCommunity[]): NamedCommunity[] {
  const amount = ({ name }: NamedCommunity) => amountOf(name) ?? 0;
  return communities.filter(({ name }) => amountOf(name) !== undefined).sort((a, b) => amount(a) - amount(b));
}

/** The largest of the table's bandwidths up to `bandwidth` ("1G"); undefined where there is none. */
export function bandwidthOf(
  table: CommunityTable,
  bandwidth: string | undefined,
): NamedCommunity | undefined {
  const amount = amountOf(bandwidth ?? '') ?? -1;
  return byAmount(communitiesOf(table, 'bandwidth')).findLast(({ name }) => (amountOf(name) ?? 0) <= amount);
}

/** From the weakest to the strongest, with those of the wiki: here the values are in order. */
export function cryptoByStrength(table: CommunityTable): NamedCommunity[] {
  const all = [...communitiesOf(table, 'crypto'), ...wikiBeside(table, 'crypto')];
  return all.sort((a, b) => compareValues(valueOfText(a), valueOfText(b)));
}

/**
 * What WireGuard is, without and with a preshared key: what the table calls `pfs` and `psk`, else the wiki's values where the table
 * has DN42's, else the table's best. Undefined where the table has none.
 */
export function linkCrypto(
  table: CommunityTable,
): { readonly plain: string; readonly preshared: string } | undefined {
  const best = communitiesOf(table, 'crypto').at(-1);
  if (!best) return undefined;
  const inWiki = isDn42(best.text) ? wikiCommunities : {};
  const find = (name: string) =>
    (communityNamed(table, 'crypto', name) ?? communityNamed(inWiki, 'crypto', name) ?? best).text;
  return { plain: find('pfs'), preshared: find('psk') };
}

function valueOfText({ text }: NamedCommunity): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

/** The regions that `isWanted` by name, in the order of their values, and then those of the wiki. */
export function regionsWhere(table: CommunityTable, isWanted: (name: string) => boolean): NamedCommunity[] {
  return [...communitiesOf(table, 'region'), ...wikiBeside(table, 'region')].filter(({ name }) =>
    isWanted(name),
  );
}

/** The community of that name in a category, if there is one. */
export function communityNamed(
  table: CommunityTable,
  category: string,
  name: string | undefined,
): NamedCommunity | undefined {
  return communitiesOf(table, category).find((community) => community.name === name);
}

/** `as_e` of `DN42_REGION_AS_E`: the control plane's constants are a prefix and a name of its tables. */
export function nameBehind(prefix: string, constant: string | undefined): string | undefined {
  const name = constant?.toLowerCase();
  return name?.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** Sorted by value, so that the same table always gives the same bytes. */
function communitiesOf(table: CommunityTable, category: string): NamedCommunity[] {
  return Object.entries(table[category] ?? {})
    .sort(([nameA, a], [nameB, b]) => compareValues(a, b) || (nameA < nameB ? -1 : 1))
    .map(([name, value]) => ({ name: name.toLowerCase(), text: `(${value.join(', ')})` }));
}

function compareValues(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((part, index) => part !== b[index]);
  return (a[differing] ?? 0) - (b[differing] ?? 0);
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Bits per second in the name of a bandwidth: `1G`, `2.5g`, `100k_plus`; undefined where it has none. */
function amountOf(name: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kmgt]?)(?:_plus)?$/.exec(name.toLowerCase()) ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit] ?? 1);
}
