import type { Constraints, FormerTunnels } from '../model/former.js';
import { formatMark } from '../model/owner.js';
import { type Candidate, candidatesOf, type TakeOverInput } from './candidates.js';
import { bgpOf, type FormerBird } from './former-bird.js';
import { keptNodeOf } from './kept-node.js';
import { addressesOf, keptSessionsOf } from './kept-sessions.js';
import { describeObstacles, knownProtocols, obstaclesOf } from './obstacles.js';

/**
 * Finds out which sessions BIRD would reset if it loaded the agent's files as they are rendered by themselves, and what
 * has to stay as it is so that it does not.
 */
export function takeOver(input: TakeOverInput): Omit<Constraints, keyof FormerTunnels> {
  const candidates = candidatesOf(input);
  const sessions = keptSessionsOf(candidates, input);
  const node = keptNodeOf(input);
  const obstacles = input.former && !input.adopt ? obstaclesOf(candidates, input) : [];
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
    adoptionBlocked: obstacles.length > 0 ? describeObstacles(obstacles, input.mode) : undefined,
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

/** The previous agents' switch, which their filters ask. */
function isInMaintenance(former: FormerBird | undefined): boolean {
  return (
    former !== undefined &&
    'config' in former &&
    former.config.constants.get('MAINTENANCE_MODE')?.text === 'true'
  );
}
