import { formatMark } from '../model/owner.js';
import type { Constraints, PreviousTunnels } from '../model/previous-agent.js';
import { type Candidate, candidatesOf, type TakeOverInput } from './candidates.js';
import { describeObstacles, knownProtocols, obstaclesOf } from './obstacles.js';
import { preservedNodeOf } from './preserved-node.js';
import { addressesOf, preservedSessionsOf } from './preserved-sessions.js';
import { bgpOf, type PreviousBird } from './previous-bird.js';

/**
 * Finds the sessions that BIRD would reset if it loaded the agent's ordinary files, and what the agent must preserve to
 * avoid that.
 */
export function takeOver(input: TakeOverInput): Omit<Constraints, keyof PreviousTunnels> {
  const { wanted, present, remembered, adopt } = input;
  const candidates = candidatesOf(input);
  const sessions = preservedSessionsOf(candidates, input);
  const node = preservedNodeOf(input);
  const obstacles = present.previous && !adopt ? obstaclesOf(candidates, input) : [];
  return {
    preserved: {
      sessions,
      ...(node ? { node } : {}),
      // The router id of a BIRD that does not answer is still unknown.
      ...(remembered.recalled && !present.bird.running ? { isLost: true } : {}),
    },
    addresses:
      obstacles.length > 0
        ? allAddresses(candidates, present)
        : mapValues(sessions, ({ addresses }) => addresses),
    names: obstacles.length > 0 ? allNames(candidates) : mapValues(sessions, namesOf),
    obstacles,
    adoptionBlocked: obstacles.length > 0 ? describeObstacles(obstacles, wanted.mode) : undefined,
    replaced: replacedFiles(candidates, input),
    ended: new Set(wanted.ended.map(({ uuid }) => uuid)),
    maintenance: isInMaintenance(present.previous),
  };
}

/** A file with any other protocol stays, unless an operator orders the adoption. */
function replacedFiles(
  candidates: readonly Candidate[],
  { wanted, present: { previous }, adopt }: TakeOverInput,
): string[] {
  const known = knownProtocols(candidates, wanted);
  const others = new Set(bgpOf(previous).flatMap((bgp) => (known.includes(bgp) || adopt ? [] : [bgp.path])));
  const paths = bgpOf(previous).map(({ path }) => path);
  return [...new Set(paths)].filter((path) => !others.has(path));
}

function namesOf({ protocols }: { readonly protocols: readonly { readonly name: string }[] }): string[] {
  return protocols.map(({ name }) => name);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** While BIRD's files do not change, the addresses that their sessions need stay as well. */
function allAddresses(
  candidates: readonly Candidate[],
  { links }: TakeOverInput['present'],
): Record<string, string[]> {
  return Object.fromEntries(
    candidates.map(({ owner, tunnel }) => [formatMark(owner), addressesOf(tunnel, links)]),
  );
}

function allNames(candidates: readonly Candidate[]): Record<string, string[]> {
  const running = candidates.filter(({ previous }) => previous.length > 0);
  return Object.fromEntries(
    running.map(({ owner, previous }) => [formatMark(owner), namesOf({ protocols: previous })]),
  );
}

/** The switch that the filters of previous agents read. */
function isInMaintenance(previous: PreviousBird | undefined): boolean {
  return (
    previous !== undefined &&
    'config' in previous &&
    previous.config.constants.get('MAINTENANCE_MODE')?.text === 'true'
  );
}
