import { protocolNames } from '../desired/sessions.js';
import {
  baseProtocolName,
  ibgpFile,
  ibgpProtocolName,
  nodeProtocolPrefix,
  sessionFile,
} from '../model/names.js';
import { type BirdProtocol, establishedNames, type ObservedBird } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import type { Obstacle } from '../model/previous-agent.js';
import type { Candidate, TakeOverInput } from './candidates.js';
import { preservedNodeOf } from './preserved-node.js';
import type { PreviousBgp } from './previous-bgp.js';
import { bgpOf } from './previous-bird.js';

/** The sessions that keep the agent from replacing BIRD's files, while BIRD runs with others. */
export function obstaclesOf(candidates: readonly Candidate[], input: TakeOverInput): Obstacle[] {
  const { mode } = input.wanted;
  const { previous, bird, ownFiles } = input.present;
  if (!previous) return [];
  const ended = endedNames(input.wanted);
  const ofAll = (names: readonly string[], why: string) =>
    names
      .filter((name) => !ended.includes(name) && !isOwn(name, ownFiles))
      .map((protocol) => ({ protocol, why }));
  const established = establishedNames(bird);
  if ('problem' in previous)
    return ofAll(
      established,
      `the agent does not understand the configuration that declares it: ${previous.problem}`,
    );
  const inFiles = bgpOf(previous).map(({ name }) => name);
  if (!bird.running)
    return ofAll(inFiles, 'BIRD does not answer, so the agent does not know whether it is up');
  const living = established.filter((name) => !ended.includes(name));
  if (living.length > 0 && mode === 'full' && ownFiles.size === 0 && !preservedNodeOf(input))
    return ofAll(living, "the agent cannot preserve BIRD's host name or the name of its device protocol");
  const unclear = candidates
    .flatMap((candidate) => candidate.previous)
    .flatMap(({ name, options }) =>
      'problem' in options && established.includes(name) ? [{ protocol: name, why: options.problem }] : [],
    );
  return [...unclear, ...(mode === 'full' ? strangers(candidates, established, input) : [])];
}

/** Why the agent leaves BIRD's files unchanged, and what the operator can do. */
export function describeObstacles(obstacles: readonly Obstacle[], mode: 'full' | 'include'): string {
  const list = obstacles.map(({ protocol, why }) => `${protocol} (${why})`).join(', ');
  const way = mode === 'full' ? '; to keep your bird.conf, set "bird.mode": "include"' : '';
  return `the agent leaves BIRD's files unchanged, because replacing them would end or reset ${list}. To replace them anyway, run: moenet-agent adopt${way}`;
}

/** Sessions that would end or be reset: those of the files, and any that BIRD still has from earlier files. */
function strangers(
  candidates: readonly Candidate[],
  established: readonly string[],
  { wanted: { sessions, ibgpPeers, ended }, present: { previous, bird, ownFiles } }: TakeOverInput,
): Obstacle[] {
  const known = new Set(knownProtocols(candidates, { ended }).map(({ name }) => name));
  const wanted = new Set([
    ...sessions.flatMap(protocolNames),
    ...ibgpPeers.map(({ nodeId }) => ibgpProtocolName(nodeId)),
  ]);
  const names = new Set([...bgpOf(previous), ...bgpProtocols(bird)].map(({ name }) => name));
  return [...names].sort().flatMap((protocol) => {
    if (known.has(protocol) || isOwn(protocol, ownFiles)) return [];
    if (!wanted.has(protocol))
      return [{ protocol, why: 'the control plane lists no session for it that the agent can set up' }];
    const why = 'its neighbor is not the one that the control plane lists';
    return established.includes(protocol) ? [{ protocol, why }] : [];
  });
}

/** The protocols that the control plane lists, desired or ended. */
export function knownProtocols(
  candidates: readonly Candidate[],
  { ended }: Pick<TakeOverInput['wanted'], 'ended'>,
): readonly PreviousBgp[] {
  return [...candidates, ...ended].flatMap(({ previous }) => previous);
}

function endedNames({ ended }: TakeOverInput['wanted']): string[] {
  return ended.flatMap(({ previous }) => previous.map(({ name }) => name));
}

/** True for the protocols of the agent's own files. */
function isOwn(protocol: string, ownFiles: ReadonlyMap<string, Owner>): boolean {
  const names = [protocol, baseProtocolName(protocol)];
  const paths = names.flatMap((name) => [sessionFile(name), ibgpFile(name)]);
  return protocol.startsWith(nodeProtocolPrefix) || paths.some((path) => ownFiles.has(path));
}

function bgpProtocols(bird: ObservedBird): readonly BirdProtocol[] {
  return bird.running ? bird.protocols.filter(({ proto }) => proto === 'BGP') : [];
}
