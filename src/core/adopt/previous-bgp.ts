import { addressOf, type Constants, numberOf } from '../bird-syntax/constants.js';
import { parseOption } from '../bird-syntax/options.js';
import { nameAndTemplate, nameProtocols } from '../bird-syntax/protocols.js';
import { isSign, type Statement, splitStatements } from '../bird-syntax/statements.js';
import type { Token } from '../bird-syntax/tokens.js';
import { mainTables } from '../model/names.js';
import { type PreservedChannel, type PreservedProtocol, preservedProtocol } from '../model/preserved.js';
import type { IpAddress } from '../model/values/ip.js';

/** A BGP protocol of a configuration that is not the agent's. */
export interface PreviousBgp {
  readonly name: string;
  /** The file that declares it. */
  readonly path: string;
  readonly remoteAs: number | undefined;
  readonly neighbor: IpAddress | undefined;
  readonly interface: string | undefined;
  /** Its options, or why they cannot be preserved. */
  readonly options: { readonly preserved: PreservedProtocol } | { readonly problem: string };
}

interface Draft {
  localAs?: number;
  localAddress?: IpAddress;
  remoteAs?: number;
  neighbor?: IpAddress;
  interface?: string;
  readonly options: Map<string, string>;
  readonly channels: Map<string, Map<string, string>>;
  readonly problems: string[];
}

/** Reads all BGP protocols with the options of their templates. */
export function readBgp(statements: readonly Statement[], constants: Constants): PreviousBgp[] {
  const templates = new Map<string, Draft>();
  for (const { words, block } of statements) {
    const [keyword, type, ...rest] = words;
    if (keyword?.text !== 'template' || type?.text !== 'bgp' || !block) continue;
    const { name, from } = nameAndTemplate(rest);
    if (name !== undefined) templates.set(name, draftOf(block, from, templates, constants));
  }
  return nameProtocols(statements)
    .filter(({ type }) => type === 'bgp')
    .map(({ name, path, from, block }) => finished(name, path, draftOf(block, from, templates, constants)));
}

function draftOf(
  block: readonly Token[],
  from: string | undefined,
  templates: ReadonlyMap<string, Draft>,
  constants: Constants,
): Draft {
  const draft = copyOf(from === undefined ? undefined : templates.get(from));
  if (from !== undefined && !templates.has(from)) draft.problems.push(`there is no template ${from}`);
  for (const statement of splitStatements(block)) {
    if (!take(draft, statement, constants)) draft.problems.push(`"${textOf(statement)}" is not known`);
  }
  return draft;
}

function copyOf(template: Draft | undefined): Draft {
  const channels = [...(template?.channels ?? [])].map(
    ([name, options]) => [name, new Map(options)] as const,
  );
  return {
    ...template,
    options: new Map(template?.options),
    channels: new Map(channels),
    problems: [...(template?.problems ?? [])],
  };
}

function textOf({ words, block }: Statement): string {
  const text = words.map((word) => word.text).join(' ');
  return `${text.slice(0, 60)}${block ? ' {...}' : ''}`;
}

// Options that change without a reset, and that the agent sets itself.
const ownWords = new Set(['description', 'debug', 'mrtdump', 'disabled']);

/** False where the agent does not understand the statement. */
function take(draft: Draft, { words, block }: Statement, constants: Constants): boolean {
  const [first, second] = words;
  if (first && block && words.length === 1 && (first.text === 'ipv4' || first.text === 'ipv6'))
    return takeChannel(draft, first.text, block, constants);
  if (!first) return false;
  if (ownWords.has(first.text)) return true;
  if (block) return false;
  if (first.text === 'neighbor') return takeNeighbor(draft, words.slice(1), constants);
  if (first.text === 'interface') return takeInterface(draft, words.slice(1));
  if (first.text === 'source' && second?.text === 'address')
    return takeSource(draft, words.slice(2), constants);
  const option = parseOption('protocol', words, constants);
  if (option) draft.options.set(option.key, option.text);
  return option !== undefined || (first.text === 'local' && takeLocal(draft, words.slice(1), constants));
}

/** `as N`, `ADDRESS as N`, `port 179`. */
function takeLocal(draft: Draft, words: readonly Token[], constants: Constants): boolean {
  return takeEach(words, (word, next) => {
    if (word.text === 'as') return takeAs(next, constants, (asn) => Object.assign(draft, { localAs: asn }));
    if (word.text === 'port') return numberOf(next, constants) === 179 ? 2 : 0;
    return takeSource(draft, [word], constants) ? 1 : 0;
  });
}

/** `ADDRESS % 'interface' as N`, `port 179`. */
function takeNeighbor(draft: Draft, words: readonly Token[], constants: Constants): boolean {
  return takeEach(words, (word, next) => {
    if (word.text === 'as') return takeAs(next, constants, (asn) => Object.assign(draft, { remoteAs: asn }));
    if (word.text === 'port') return numberOf(next, constants) === 179 ? 2 : 0;
    if (isSign(word, '%')) return next && takeInterface(draft, [{ ...next, kind: 'string' }]) ? 2 : 0;
    const address = addressOf(word, constants);
    if (address !== undefined) draft.neighbor = address;
    return address === undefined ? 0 : 1;
  });
}

/** Goes through the words; `takeAt` returns how many it took. False where it took none of the rest. */
function takeEach(
  words: readonly Token[],
  takeAt: (word: Token, next: Token | undefined) => number,
): boolean {
  for (let at = 0; at < words.length; ) {
    const count = takeAt(words[at] as Token, words[at + 1]);
    if (count === 0) return false;
    at += count;
  }
  return words.length > 0;
}

function takeAs(word: Token | undefined, constants: Constants, use: (asn: number) => void): number {
  const asn = numberOf(word, constants);
  if (asn === undefined) return 0;
  use(asn);
  return 2;
}

function takeInterface(draft: Draft, [name, ...rest]: readonly Token[]): boolean {
  if (name?.kind !== 'string' || rest.length > 0) return false;
  draft.interface = name.text;
  return true;
}

function takeSource(draft: Draft, [word, ...rest]: readonly Token[], constants: Constants): boolean {
  const address = rest.length > 0 ? undefined : addressOf(word, constants);
  if (address !== undefined) draft.localAddress = address;
  return address !== undefined;
}

// Limits, filters, next hops and preferences change without a reset, and the agent sets them itself.
const ownChannelWords = ['import', 'export', 'receive', 'next', 'preference', 'rpki', 'debug'];
const tables: Readonly<Record<string, string>> = mainTables;

function takeChannel(draft: Draft, name: string, block: readonly Token[], constants: Constants): boolean {
  const options = draft.channels.get(name) ?? new Map<string, string>();
  draft.channels.set(name, options);
  for (const statement of splitStatements(block)) {
    const [first, second] = statement.words;
    const option = statement.block ? undefined : parseOption('channel', statement.words, constants);
    if (option) options.set(option.key, option.text);
    else if (first?.text === 'table' && second?.text === tables[name]) continue;
    else if (!ownChannelWords.includes(first?.text ?? ''))
      draft.problems.push(`"${textOf(statement)}" in its channel ${name} is not known`);
  }
  return true;
}

function finished(name: string, path: string, draft: Draft): PreviousBgp {
  const { remoteAs, neighbor, interface: link } = draft;
  const facts = { name, path, remoteAs, neighbor, interface: link };
  const [problem] = draft.problems;
  if (problem !== undefined) return { ...facts, options: { problem } };
  const preserved = preservedProtocol({
    name,
    localAs: draft.localAs,
    localAddress: draft.localAddress,
    neighbor,
    neighborAs: remoteAs,
    interface: link,
    options: [...draft.options.values()].sort(),
    channels: [...draft.channels].map(([channel, options]) => channelOf(channel, options)).sort(byName),
  });
  return {
    ...facts,
    options: preserved ? { preserved } : { problem: 'it has no AS, no neighbor or no valid name' },
  };
}

function channelOf(name: string, options: ReadonlyMap<string, string>): PreservedChannel {
  return { name: name === 'ipv4' ? 'ipv4' : 'ipv6', options: [...options.values()].sort() };
}

function byName(a: PreservedChannel, b: PreservedChannel): number {
  return a.name < b.name ? -1 : 1;
}
