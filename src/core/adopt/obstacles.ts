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

/** What is in the way of the agent's files, as long as BIRD runs with others. */
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
    return ofAll(established, `the configuration that it comes from is not understood: ${previous.problem}`);
  const inFiles = bgpOf(previous).map(({ name }) => name);
  if (!bird.running) return ofAll(inFiles, 'BIRD does not answer, so nobody knows whether it is up');
  const living = established.filter((name) => !ended.includes(name));
  if (living.length > 0 && mode === 'full' && ownFiles.size === 0 && !preservedNodeOf(input))
    return ofAll(living, "BIRD's host name or device protocol has a name that cannot be kept");
  const unclear = candidates
    .flatMap((candidate) => candidate.previous)
    .flatMap(({ name, options }) =>
      'problem' in options && established.includes(name) ? [{ protocol: name, why: options.problem }] : [],
    );
  return [...unclear, ...(mode === 'full' ? strangers(candidates, established, input) : [])];
}

/** Why BIRD's files stay as they are, and what ends it. */
export function describeObstacles(obstacles: readonly Obstacle[], mode: 'full' | 'include'): string {
  const list = obstacles.map(({ protocol, why }) => `${protocol} (${why})`).join(', ');
  const way = mode === 'full' ? ', and "bird.mode": "include" leaves bird.conf to you' : '';
  return `BIRD's files stay as they are, for to replace them would end or reset ${list}; "moenet-agent adopt" does it all the same${way}`;
}

/** Sessions that would end, or begin anew as others: those of the files, and any that BIRD still has of earlier ones. */
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
      return [{ protocol, why: 'it is no session of the control plane that can be set up' }];
    const why = 'it speaks with another neighbor than the control plane means';
    return established.includes(protocol) ? [{ protocol, why }] : [];
  });
}

/** The protocols that the control plane means, whether they are to go on or to end. */
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
