import { endedSessions } from './adopt/candidates.js';
import {
  type FormerFacts,
  formerState,
  type WithTunnel,
  withBlacklist,
  withFormerProtocols,
  withKeptAddresses,
  withNames,
  withPresentName,
} from './adopt/former.js';
import { formerNames, readFormerBird } from './adopt/former-bird.js';
import { recall } from './adopt/recall.js';
import { describeObstacles } from './adopt/say.js';
import { takeOver } from './adopt/take-over.js';
import { buildRouting } from './desired/build-routing.js';
import { endpointDependencies, loopbackDependencies } from './desired/dependencies.js';
import type { Desired } from './desired/desired.js';
import { offNames } from './desired/disabled/disabled.js';
import { disabledSessions } from './desired/disabled/disabled-sessions.js';
import { describeSwitching } from './desired/disabled/say-disabled.js';
import { type Holdings, runningSessions } from './desired/holdings.js';
import { type DesiredMeshPeer, desireMesh, meshListenPort } from './desired/mesh.js';
import { identifyNode, loopbackAddresses, type NodeIdentity, withoutSelf } from './desired/node.js';
import { nodeProtocols } from './desired/node-protocols.js';
import { protectedNetworks } from './desired/protected.js';
import { type Readings, readAddresses } from './desired/read-addresses.js';
import {
  type CacheAddresses,
  cacheAddresses,
  cacheProblems,
  resolveCaches,
  withCacheAddresses,
} from './desired/rpki-caches.js';
import { peerAddresses } from './desired/rules/endpoint-rules.js';
import { findDangers, gatherFacts } from './desired/rules/gather-facts.js';
import type { SessionFacts } from './desired/rules/session-rules.js';
import { describeProtected } from './desired/say-protected.js';
import { type DesiredSession, desireSessions, protocolNames, type Refusal } from './desired/sessions.js';
import type { NodeSettings, RoutingMemory } from './desired/settings.js';
import { doubtfulWithdrawals, isBelieved, type Withdrawal } from './desired/withdrawal.js';
import type { BirdFile, DesiredProtocol } from './model/artifacts.js';
import type { BootstrapConfig, Snapshot } from './model/control-plane.js';
import type { DisabledSessions } from './model/disabled.js';
import { fingerprintOf } from './model/fingerprint.js';
import type { Obstacle } from './model/former.js';
import { type Kept, nothingKept } from './model/kept.js';
import { formatMark, type Owner } from './model/owner.js';
import type { ProtectedNetwork, Routing } from './model/routing.js';
import { listedUuids } from './model/session.js';
import type { Prefix } from './model/values/ip.js';
import type { SessionId } from './model/values/session-id.js';
import { renderBird } from './render/bird.js';
import { ibgpProblems } from './render/ibgp-view.js';
import type { Templates } from './render/templates.js';

/** What a pass has to know of the ones before. */
export interface DesireMemory extends RoutingMemory {
  readonly withdrawal: Withdrawal | undefined;
  /** True where an operator says that the list is right. */
  readonly believeList?: boolean;
  /** What must stay as the agent found it. */
  readonly kept?: Kept;
  /** True where an operator says that what is in the way may be taken, and sessions be reset. */
  readonly adopt?: boolean;
  /** Session uuid → the routed addresses of its neighbor that were found good before. */
  readonly neighbors?: Readonly<Record<string, readonly string[]>>;
  /** The sessions that an operator has switched off on this node. */
  readonly disabled?: DisabledSessions;
  /** The addresses that the RPKI caches had. */
  readonly cacheAddresses?: CacheAddresses;
  /** True where BIRD may not have loaded what lies in its directory. */
  readonly reloadPending?: boolean;
  /** Uuids of sessions that have been Established since they were last set up. */
  readonly wereUp?: ReadonlySet<string>;
  /** Session uuid → how its row was read before. */
  readonly readings?: Readings;
}

/** What is wrong with an operator's templates, in words with the remedy. */
export interface TemplateFault {
  readonly reason: string;
  /** True where nothing is known of what the operator's BIRD files are to look like: they stay as they are. */
  readonly holdsBird: boolean;
}

export interface DesireInput {
  readonly former: FormerFacts;
  readonly snapshot: Snapshot & { readonly config: BootstrapConfig };
  readonly settings: NodeSettings;
  readonly publicKey: string | undefined;
  readonly keyProblem?: string | undefined;
  readonly holdings: Holdings;
  readonly birdVersion: string | undefined;
  readonly templates: Templates;
  readonly templateFault?: TemplateFault | undefined;
  readonly memory: DesireMemory;
}

/** Turns what the control plane says into what the system should be. */
export function desire(given: DesireInput): Desired {
  const node = identifyNode(given.settings.nodeName, given.snapshot.config, given.snapshot.birdConfig);
  const known = given.memory.cacheAddresses ?? {};
  const { resolved, unresolvedCaches = [] } = given.former.observed;
  const caches = resolveCaches(given.snapshot.birdConfig?.policy.rpkiServers ?? [], resolved, known);
  const input = {
    ...given,
    snapshot: withoutSelf(given.snapshot, node),
    former: { ...given.former, observed: withCacheAddresses(given.former.observed, caches) },
  };
  const { snapshot, former } = input;
  const bird = readFormerBird(former.observed.operatorConfig);
  const listed = (snapshot.sessions ?? []).map((entry) => withPresentName(entry, input.holdings));
  const { entries, readings } = readAddresses(listed, node, {
    observed: former.observed,
    holdings: input.holdings,
    wereUp: input.memory.wereUp ?? new Set(),
    readings: input.memory.readings ?? {},
  });
  const holdings = withNames(input.holdings, formerNames(entries, bird));
  const facts = gatherFacts(
    snapshot,
    input.settings,
    node,
    holdings,
    former.observed,
    input.memory.neighbors ?? {},
    input.publicKey,
  );
  const dangers = findDangers(former.observed, holdings, facts);
  const mesh = meshOf(input, node, facts);
  const ports = new Map(mesh.map((peer) => [meshListenPort(peer.nodeId), `the mesh peer ${peer.nodeId}`]));
  const withheld = withheldSessions(input);
  const settings = withBlacklist(input.settings, former.observed);
  const found = desireSessions(entries, node, settings.keepaliveSeconds, holdings, ports, facts, withheld);
  const before = input.memory.kept ?? nothingKept;
  const taken = takeOver({
    mode: settings.birdMode,
    node,
    sessions: found.sessions,
    mesh,
    ibgpPeers: snapshot.birdConfig?.ibgpPeers ?? [],
    ended: endedSessions(entries, bird),
    former: bird,
    bird: former.observed.bird,
    links: former.observed.links,
    ownFiles: holdings.files,
    kept: before,
    recalled: recall(before, former.observed.birdFiles),
    adopt: input.memory.adopt ?? false,
  });
  const keep = <T extends WithTunnel>(item: T) => withKeptAddresses(item, taken, dangers);
  const named = found.sessions.map(keep).map((item) => withFormerProtocols(item, taken));
  const disabled = disabledSessions(named, entries, {
    before: input.memory.disabled ?? {},
    observed: former.observed,
    kept: before,
    isLoaded: !input.memory.reloadPending,
    isListKnown: snapshot.sessions !== undefined && withheld.length === 0,
  });
  const sessions = named.map((item) => ({ ...item, disabled: disabled[item.session.uuid] }));
  const guarded = protectedOf(input, node, sessions, mesh);
  const routing = buildRouting({
    ...input,
    protectedNetworks: guarded,
    settings,
    memory: { ...input.memory, maintenance: input.memory.maintenance || taken.maintenance },
    node,
    birdConfig: snapshot.birdConfig,
    sessions,
    mesh,
    kept: taken.kept,
    caches,
  });
  const rendered = routing && render(routing, input, taken.obstacles);
  const { hold, files } = { hold: undefined, files: undefined, ...rendered };
  const own = nodeProtocols(files ?? []);
  return {
    node,
    publicKey: input.publicKey,
    keyProblem: input.keyProblem,
    loopback: { interface: settings.loopbackInterface, addresses: loopbackAddresses(node) },
    tunnels: [...sessions, ...mesh.map(keep)].flatMap((item) => item.tunnel ?? []),
    resolved: peerAddresses(facts.endpoints),
    dangers,
    files,
    hold,
    replaced: files ? taken.replaced : [],
    former: formerState(former, before, taken, files !== undefined, node),
    fingerprint: fingerprintOf(files ?? [], input.birdVersion),
    protocols: files ? [...own, ...protocolsOf(sessions)] : [],
    nodeProtocols: own,
    refusesUnknownOrigins: settings.policy.roaUnknown === 'reject',
    sessions,
    disabled,
    cacheAddresses: snapshot.birdConfig ? cacheAddresses(caches) : known,
    readings,
    mesh,
    refusals: found.refusals,
    withheld,
    problems: [
      ...problemsOf(node),
      ...(routing ? ibgpProblems(routing) : []),
      ...(input.keyProblem === undefined ? [] : [input.keyProblem]),
      ...(input.templateFault && input.templateFault.reason !== hold ? [input.templateFault.reason] : []),
      ...found.warnings,
    ],
    cacheProblems: cacheProblems(caches, unresolvedCaches),
    notes: [...describeSwitching(sessions), ...found.notes, ...(routing ? describeProtected(guarded) : [])],
    isHeld: heldOwners(snapshot, found.refusals, mesh, withheld, dangers),
  };
}

type Rendered = { readonly files: readonly BirdFile[] } | { readonly hold: string };

/** BIRD's files, or why they stay as they are. */
function render(
  routing: Routing,
  { settings, templates, templateFault, former }: DesireInput,
  obstacles: readonly Obstacle[],
): Rendered {
  const { birdFilesProblem } = former.observed;
  if (birdFilesProblem !== undefined)
    return { hold: `BIRD's files stay as they are, because they cannot be read: ${birdFilesProblem}` };
  if (templateFault?.holdsBird) return { hold: templateFault.reason };
  if (obstacles.length > 0) return { hold: describeObstacles(obstacles, settings.birdMode) };
  try {
    return { files: renderBird(routing, templates) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { hold: `BIRD's files stay as they are, because they cannot be rendered: ${why}` };
  }
}

/** See `doubtfulWithdrawals`. */
function withheldSessions({ snapshot, holdings, memory }: DesireInput): SessionId[] {
  if (!snapshot.sessions || memory.believeList) return [];
  const doubtful = doubtfulWithdrawals(listedUuids(snapshot.sessions), runningSessions(holdings));
  return isBelieved(memory.withdrawal, doubtful) ? [] : doubtful;
}

function protectedOf(
  { snapshot, settings, former }: DesireInput,
  node: NodeIdentity,
  sessions: readonly DesiredSession[],
  mesh: readonly DesiredMeshPeer[],
): ProtectedNetwork[] {
  const { links, wireguard, resolved, surroundings } = former.observed;
  return protectedNetworks({
    observed: { links, wireguard, surroundings },
    dependencies: [
      ...endpointDependencies(sessions, mesh, resolved),
      ...loopbackDependencies(node, snapshot, mesh),
    ],
    ownBlocks: ownBlocks(snapshot),
    throughDn42: settings.policy.throughDn42,
  });
}

function ownBlocks({ birdConfig }: Snapshot): Prefix[] {
  const { ipv4Prefix, ipv6Prefix } = birdConfig?.policy ?? {};
  return [ipv4Prefix, ipv6Prefix].flatMap((prefix) => prefix ?? []);
}

function meshOf(
  { snapshot, settings, holdings }: DesireInput,
  node: NodeIdentity,
  facts: SessionFacts,
): DesiredMeshPeer[] {
  if (!snapshot.mesh) return [];
  return desireMesh(snapshot.mesh, node, ownBlocks(snapshot), settings.keepaliveSeconds, holdings, facts);
}

function protocolsOf(sessions: readonly DesiredSession[]): DesiredProtocol[] {
  return sessions.flatMap((item) => {
    const names = protocolNames(item);
    const off = offNames(item.disabled, names);
    const { owner } = item.tunnel;
    const returns = item.disabled?.phase === 'returning';
    return names.map((name) => ({ name, owner, off: off.includes(name), returns }));
  });
}

function problemsOf(node: NodeIdentity): string[] {
  if (node.asn === undefined) {
    return [
      'BIRD is not configured: neither config (node.asn) nor bird-config (policy.dn42As) tells this node its ASN',
    ];
  }
  if (node.routerId === undefined) {
    return [
      'BIRD is not configured: there is neither a loopback IPv4 address nor a node id to make a router id of',
    ];
  }
  return [];
}

/**
 * Unknown is not empty: where a list was never received, or one of its items cannot be understood, what runs on its
 * behalf stays; but for a tunnel with an address that leads away what the node needs.
 */
function heldOwners(
  snapshot: Snapshot,
  refusals: readonly Refusal[],
  mesh: readonly DesiredMeshPeer[],
  withheld: readonly SessionId[],
  dangers: Desired['dangers'],
): (owner: Owner) => boolean {
  const held = new Set<string>(withheld.map((uuid) => formatMark({ kind: 'session', uuid })));
  for (const { uuid } of refusals) if (uuid) held.add(formatMark({ kind: 'session', uuid }));
  for (const { nodeId } of snapshot.mesh?.refused ?? [])
    if (nodeId !== undefined) held.add(formatMark({ kind: 'mesh', nodeId }));
  for (const { nodeId, tunnel } of mesh) if (!tunnel) held.add(formatMark({ kind: 'mesh', nodeId }));
  const namelessSession = refusals.some(({ uuid }) => uuid === undefined);
  const namelessPeer = snapshot.mesh?.refused.some(({ nodeId }) => nodeId === undefined) ?? false;
  const listed = listedUuids(snapshot.sessions ?? []);
  return (owner) => {
    if (dangers.has(owner)) return false;
    if (held.has(formatMark(owner))) return true;
    if (owner.kind === 'session') return !snapshot.sessions || (namelessSession && !listed.has(owner.uuid));
    return owner.kind === 'mesh' && (!snapshot.mesh || namelessPeer);
  };
}
