import { formatAddress } from '../model/artifacts.js';
import type { Obstacle } from '../model/former.js';
import type { Kept, KeptProtocol, KeptSession } from '../model/kept.js';
import { establishedNames, type ObservedBird, type ObservedLink } from '../model/observed.js';
import { formatMark } from '../model/owner.js';
import { type Candidate, candidatesOf, type TakeOverInput } from './candidates.js';
import { bgpOf, type FormerBird } from './former-bird.js';
import { keptNodeOf } from './kept-node.js';
import { knownProtocols, obstaclesOf } from './obstacles.js';
import { isOnlyReadAnew } from './read-anew.js';

export interface TakeOver {
  readonly kept: Kept;
  /** Mark → the addresses that its tunnel has to keep. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Mark → the names of its protocols where they are not what the agent would call them by itself. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Sessions that would be reset or ended, each with the reason. While there are any, BIRD's files stay as they are. */
  readonly obstacles: readonly Obstacle[];
  /** Files that go: the agent's own have their protocols now, or those are to end. */
  readonly replaced: readonly string[];
  /** Sessions whose end is wanted and of which BIRD still has a protocol. */
  readonly ended: ReadonlySet<string>;
  /** True where the configuration that goes leads traffic away from the node. */
  readonly maintenance: boolean;
}

/**
 * Finds out which sessions BIRD would reset if it loaded the agent's files as they are rendered by themselves, and what
 * has to stay as it is so that it does not.
 */
export function takeOver(input: TakeOverInput): TakeOver {
  const candidates = candidatesOf(input);
  const kept = candidates.flatMap((candidate) => {
    const session = keptOf(candidate, input);
    return session ? [[formatMark(candidate.owner), session] as const] : [];
  });
  const node = keptNodeOf(input);
  const obstacles = input.former && !input.adopt ? obstaclesOf(candidates, input) : [];
  const sessions = Object.fromEntries(kept);
  return {
    kept: {
      sessions,
      ...(node ? { node } : {}),
      // What a BIRD that does not answer has as its router id is to be found out yet.
      ...(input.recalled && !input.bird.running ? { isLost: true } : {}),
    },
    addresses:
      obstacles.length > 0
        ? allAddresses(candidates, input)
        : mapValues(sessions, ({ addresses }) => addresses),
    names: obstacles.length > 0 ? allNames(candidates) : mapValues(sessions, namesOf),
    obstacles,
    replaced: replacedFiles(candidates, input),
    ended: new Set(input.ended.map(({ uuid }) => uuid)),
    maintenance: isInMaintenance(input.former),
  };
}

/** A file in which there is anything else stays, unless an operator says that it may go. */
function replacedFiles(candidates: readonly Candidate[], { ended, former, adopt }: TakeOverInput): string[] {
  const known = knownProtocols(candidates, { ended });
  const others = new Set(bgpOf(former).flatMap((bgp) => (known.includes(bgp) || adopt ? [] : [bgp.path])));
  const paths = bgpOf(former).map(({ path }) => path);
  return [...new Set(paths)].filter((path) => !others.has(path));
}

function namesOf({ protocols }: { readonly protocols: readonly { readonly name: string }[] }): string[] {
  return protocols.map(({ name }) => name);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** While BIRD's files stay as they are, so does all that their sessions stand on. */
function allAddresses(candidates: readonly Candidate[], { links }: TakeOverInput): Record<string, string[]> {
  return Object.fromEntries(
    candidates.map(({ owner, tunnel }) => [formatMark(owner), addressesOf(tunnel, links)]),
  );
}

function allNames(candidates: readonly Candidate[]): Record<string, string[]> {
  const running = candidates.filter(({ former }) => former.length > 0);
  return Object.fromEntries(
    running.map(({ owner, former }) => [formatMark(owner), namesOf({ protocols: former })]),
  );
}

function addressesOf(tunnel: string | undefined, links: readonly ObservedLink[]): string[] {
  return (links.find(({ name }) => name === tunnel)?.addresses ?? []).map(formatAddress);
}

/** What is kept goes on while one of its sessions is Established, and the control plane does not want another one. */
function keptOf(candidate: Candidate, input: TakeOverInput): KeptSession | undefined {
  const { owner, wish, former, tunnel } = candidate;
  const before = input.kept.sessions[formatMark(owner)] ?? recalledOf(candidate, input);
  if (before && former.length === 0) {
    const isWanted = before.wish === wish || isOnlyReadAnew(before, candidate);
    return isWanted && livesOn(before.protocols, input.bird) ? { ...before, wish } : undefined;
  }
  const protocols = former.flatMap(({ options }) => ('kept' in options ? [options.kept] : []));
  if (protocols.length < former.length || !livesOn(protocols, input.bird) || !input.bird.running)
    return undefined;
  return { wish, protocols, addresses: addressesOf(tunnel, input.links) };
}

function recalledOf({ owner, wish, tunnel }: Candidate, input: TakeOverInput): KeptSession | undefined {
  const protocols = input.recalled?.sessions.get(formatMark(owner));
  return protocols && { wish, protocols: [...protocols], addresses: addressesOf(tunnel, input.links) };
}

/** A BIRD that does not answer may still run: what is not known to be down lives. */
function livesOn(protocols: readonly KeptProtocol[], bird: ObservedBird): boolean {
  if (!bird.running) return true;
  const established = new Set(establishedNames(bird));
  return protocols.some(({ name }) => established.has(name));
}

/** The previous agents' switch, which their filters ask. */
function isInMaintenance(former: FormerBird | undefined): boolean {
  return (
    former !== undefined &&
    'config' in former &&
    former.config.constants.get('MAINTENANCE_MODE')?.text === 'true'
  );
}
