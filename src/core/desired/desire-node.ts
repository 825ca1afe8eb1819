import type { BirdConfig, Snapshot } from '../model/control-plane.js';
import type { Observed } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import type { ProtectedNetwork, RpkiCache } from '../model/routing.js';
import { listedUuids, type SessionEntry } from '../model/session.js';
import type { SessionId } from '../model/values/session-id.js';
import { withBlacklist } from './blacklist.js';
import { endpointDependencies, loopbackDependencies } from './dependencies.js';
import type { NodeInput } from './input.js';
import { type DesiredMeshPeer, desireMesh, meshListenPort } from './mesh.js';
import { identifyNode, type NodeContext, type NodeIdentity, ownBlocks, withoutSelf } from './node.js';
import { describeUnmatched, withOptions } from './options/with-options.js';
import { type Owned, runningSessions, withPresentName } from './owned.js';
import { protectedNetworks } from './protected.js';
import { type Readings, readAddresses } from './read-addresses.js';
import { resolveCaches, withCacheAddresses } from './rpki-caches.js';
import { peerAddresses } from './rules/endpoint-rules.js';
import { findDangers, gatherFacts } from './rules/gather-facts.js';
import { type DesiredSessions, desireSessions } from './sessions.js';
import type { NodeSettings } from './settings.js';
import { type Undecided, unknownOwners } from './unknown-owners.js';
import { doubtfulWithdrawals, isBelieved } from './withdrawal.js';

/** The control plane's answers, adapted to this node and machine. */
export interface Answers {
  readonly node: NodeIdentity;
  /** Without the node itself, which the control plane may list among its own peers. */
  readonly snapshot: Snapshot;
  /** The rows of the sessions, with the names and addresses that they have on this node. */
  readonly entries: readonly SessionEntry[];
  /** How the rows were read, to remember. */
  readonly readings: Readings;
  readonly caches: readonly RpkiCache[];
  readonly observed: Observed;
}

/** What is wanted of a node, without regard to a previous agent. */
export interface Wanted extends Answers, DesiredSessions, NodeContext, Undecided {
  readonly birdConfig: BirdConfig | undefined;
  readonly protectedNetworks: readonly ProtectedNetwork[];
  /** The addresses of the endpoints' names that can be a peer's. */
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  /** True for an owner whose wish is unknown: its objects stay unchanged. */
  isUnknown(owner: Owner): boolean;
}

/** Reads the answers together with what runs: a running session keeps its name, and BGP shows whose an address is. */
export function readAnswers({ snapshot, settings, observed, memory }: NodeInput, owned: Owned): Answers {
  const { birdConfig, sessions = [] } = snapshot;
  const node = identifyNode(settings.nodeName, snapshot.config, birdConfig);
  const servers = birdConfig?.policy.rpkiServers ?? [];
  const caches = resolveCaches(servers, observed.resolved, memory.cacheAddresses);
  const { entries, readings } = readAddresses(
    sessions.map((entry) =>
      withOptions(withPresentName(entry, owned), settings.sessions, birdConfig?.policy),
    ),
    node,
    { observed, owned, ...memory.sessions },
  );
  return {
    node,
    snapshot: withoutSelf(snapshot, node),
    entries,
    readings,
    caches,
    observed: withCacheAddresses(observed, caches),
  };
}

/** Turns the answers into tunnels and sessions, as they would be on a new machine. */
export function desireNode(answers: Answers, owned: Owned, input: NodeInput): Wanted {
  const { node, snapshot, observed, entries } = answers;
  const { key, memory } = input;
  const settings = withBlacklist(input.settings, observed);
  const context = { node, settings, owned };
  const known = memory.sessions.neighbors;
  const facts = gatherFacts({ ...context, snapshot, observed, known, publicKey: key.publicKey });
  const dangers = findDangers(observed, owned, facts);
  const ours = [
    ...ownBlocks(snapshot.birdConfig),
    ...settings.policy.ownPrefixes.map(({ prefix }) => prefix),
  ];
  const mesh = snapshot.mesh ? desireMesh(snapshot.mesh, context, ours, facts) : [];
  const reservedPorts = new Map(
    mesh.map((peer) => [meshListenPort(peer.nodeId), `the mesh peer ${peer.nodeId}`]),
  );
  const doubted = doubtedSessions(input, owned);
  const found = desireSessions(entries, context, { reservedPorts, facts, doubted });
  return {
    ...answers,
    ...found,
    notes: [...found.notes, ...(snapshot.sessions ? describeUnmatched(settings.sessions, entries) : [])],
    settings,
    owned,
    birdConfig: snapshot.birdConfig,
    mesh,
    protectedNetworks: protectedOf(answers, settings, found, mesh),
    doubted,
    dangers,
    resolved: peerAddresses(facts.endpoints),
    isUnknown: unknownOwners(snapshot, { refusals: found.refusals, mesh, doubted, dangers }),
  };
}

/** See `doubtfulWithdrawals`. Of a list that may be old nothing is believed that takes a session down. */
function doubtedSessions({ snapshot, memory, orders }: NodeInput, owned: Owned): SessionId[] {
  if (!snapshot.sessions) return [];
  const running = runningSessions(owned);
  if (snapshot.stored?.has('sessions')) {
    const wanted = listedUuids(snapshot.sessions.filter(({ kind }) => kind !== 'ignored'));
    return running.filter((uuid) => !wanted.has(uuid)).sort();
  }
  if (orders.believeList) return [];
  const doubtful = doubtfulWithdrawals(listedUuids(snapshot.sessions), running);
  return isBelieved(memory.withdrawal, doubtful) ? [] : doubtful;
}

function protectedOf(
  { node, snapshot, observed }: Answers,
  { policy }: NodeSettings,
  { sessions }: DesiredSessions,
  mesh: readonly DesiredMeshPeer[],
): ProtectedNetwork[] {
  return protectedNetworks({
    observed,
    dependencies: [
      ...endpointDependencies(sessions, mesh, observed.resolved),
      ...loopbackDependencies(node, snapshot, mesh),
    ],
    ownBlocks: [...ownBlocks(snapshot.birdConfig), ...policy.ownPrefixes.map(({ prefix }) => prefix)],
    throughDn42: policy.throughDn42,
  });
}
