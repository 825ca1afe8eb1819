import { type ParsedOption, parseOption } from '../bird-syntax/options.js';
import { nameProtocols } from '../bird-syntax/protocols.js';
import { splitDeclarations, splitStatements } from '../bird-syntax/statements.js';
import { type Token, tokenize } from '../bird-syntax/tokens.js';
import type { DesiredSession } from '../desired/sessions.js';
import type { BirdFile } from '../model/artifacts.js';
import type { BgpOptions } from '../model/bgp-options.js';
import { listSome } from '../model/list-some.js';
import { ibgpProtocolName } from '../model/names.js';
import { establishedNames, type Observed } from '../model/observed.js';

/** BGP protocol → the options that it runs with, which differ from those that are wanted. */
export type RunningOptions = ReadonlyMap<string, BgpOptions>;

/** What a session goes on with, and which statements wait until it is down, each once. */
export interface Pending {
  readonly running: RunningOptions;
  readonly waiting: readonly string[];
}

/**
 * Looks what of a session's new file would reset its Established protocols; undefined where nothing would. Their options are read
 * from the file that lies in BIRD's directory now. While BIRD does not answer, all of its protocols may be Established.
 */
export function pendingOptions({
  birdFiles,
  bird,
}: Pick<Observed, 'birdFiles' | 'bird'>): (wanted: BirdFile) => Pending | undefined {
  // Of a BIRD that hangs it is not known which sessions it has: it keeps them all.
  const established = bird.running ? new Set(establishedNames(bird)) : undefined;
  return (wanted) => {
    const text = birdFiles.get(wanted.path);
    if (text === undefined || text === wanted.content) return undefined;
    const next = readOptions(wanted);
    const running = new Map<string, BgpOptions>();
    const waiting = new Set<string>();
    for (const [name, options] of readOptions({ path: wanted.path, content: text })) {
      const after = next.get(name);
      if (!after || established?.has(name) === false) continue;
      const statements = lacking(options, after);
      if (statements.length > 0) running.set(name, options);
      for (const each of statements) waiting.add(each);
    }
    return running.size === 0 ? undefined : { running, waiting: [...waiting] };
  };
}

/** The options of `wanted` that `running` has not, and those that `running` has and `wanted` has not, as statements. */
function lacking(running: BgpOptions, wanted: BgpOptions): string[] {
  return places.flatMap((place) => {
    const prefix = place === 'protocol' ? '' : `${place}: `;
    const [now, next] = [running[place], wanted[place]];
    return [
      ...next.filter((text) => !now.includes(text)).map((text) => `${prefix}${shown(text, now)}`),
      ...now
        .filter((text) => !next.includes(text) && !isOtherPassword(text, next))
        .map((text) => `no longer ${prefix}${shown(text, [])}`),
    ];
  });
}

const passwordStatement = 'password ';

/** The statement as people may see it; `others` are those that it may replace. */
function shown(text: string, others: readonly string[]): string {
  if (!text.startsWith(passwordStatement)) return text;
  return isOtherPassword(text, others) ? 'password changed' : 'a password';
}

function isOtherPassword(text: string, others: readonly string[]): boolean {
  return (
    text.startsWith(passwordStatement) &&
    others.some((each) => each !== text && each.startsWith(passwordStatement))
  );
}

/** What waits, a sentence for all sessions that wait for the same. */
export function describePending(files: readonly BirdFile[], sessions: readonly DesiredSession[]): string[] {
  const names = new Map<string, string>(sessions.map(({ session }) => [session.uuid, session.interface]));
  const waiting = new Map<string, string[]>();
  for (const { owner, pending } of files) {
    if (!pending || owner.kind === 'node') continue;
    const name =
      owner.kind === 'mesh' ? ibgpProtocolName(owner.nodeId) : (names.get(owner.uuid) ?? owner.uuid);
    const options = pending.join(', ');
    waiting.set(options, [...(waiting.get(options) ?? []), name]);
  }
  return [...waiting].map(([options, [first = '', ...others]]) => {
    const [verb, whose, sessionIs] =
      others.length === 0 ? ['keeps', 'its', 'it is'] : ['keep', 'their', 'they are'];
    return `${listSome([first, ...others], 5)} ${verb} ${whose} BGP options until ${sessionIs} down, because a change would reset the session; waiting: ${options}; to apply them now: moenet-agent resync --session ${first} --reset`;
  });
}

const places = ['protocol', 'ipv4', 'ipv6'] as const;

// What follows from the session itself: where this changes, another session is wanted.
const ofTheSession = new Set([
  'rr client',
  'multihop',
  'extended next hop',
  'import table',
  'import keep filtered',
]);

/** The options of each BGP protocol in a file of the agent's own; none where the file is damaged. */
function readOptions({ path, content }: Pick<BirdFile, 'path' | 'content'>): Map<string, BgpOptions> {
  try {
    const protocols = nameProtocols(splitDeclarations(tokenize([{ path, text: content }])));
    return new Map(protocols.map(({ name, block }) => [name, optionsOf(block)]));
  } catch {
    return new Map();
  }
}

function optionsOf(block: readonly Token[]): BgpOptions {
  const statements = splitStatements(block);
  const of = (family: string) =>
    statements.find(({ words, block: inside }) => inside && words[0]?.text === family)?.block ?? [];
  return {
    protocol: texts('protocol', block),
    ipv4: texts('channel', of('ipv4')),
    ipv6: texts('channel', of('ipv6')),
  };
}

function texts(place: 'protocol' | 'channel', block: readonly Token[]): string[] {
  return splitStatements(block).flatMap(({ words, block: inside }) => {
    const option = inside ? undefined : (parseOption(place, words, new Map()) ?? authentication(words));
    return option && !ofTheSession.has(option.key) ? [option.text] : [];
  });
}

/** A session that the agent did not make has neither, or is left alone. */
function authentication([first, second, ...rest]: readonly Token[]): ParsedOption | undefined {
  if (!first || !second || rest.length > 0) return undefined;
  const { text: key } = first;
  if (key === 'authentication') return { key, text: `authentication ${second.text}` };
  return key === 'password' ? { key, text: `${passwordStatement}"${second.text}"` } : undefined;
}
