import { fileDisables, isDisabledByHand } from '../../core/desired/disabled/disabled.js';
import type { NodeKey } from '../../core/desired/input.js';
import { meshListenPort } from '../../core/desired/mesh.js';
import { cachesToSave } from '../../core/desired/tables/saved-roas.js';
import type { LiveSystem } from '../../core/lookups/session-state.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import type { Observed, ObservedBird } from '../../core/model/observed.js';
import type { Endpoint } from '../../core/model/values/endpoint.js';
import type { NftSet } from '../../core/model/values/port-set.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { Host, KeyStore } from '../ports/host.js';
import { cacheNames, surroundingNames, surroundingsOf } from './surroundings.js';

/**
 * Reads all that a pass needs from the system; the number of commands does not depend on the number of sessions. Throws
 * where links or WireGuard cannot be read: unknown must not look empty.
 */
export async function observe(
  host: Host,
  snapshot: Snapshot,
  signal: AbortSignal,
  {
    withBesides,
    withRules,
    portSets: sets = [],
  }: {
    readonly withBesides: boolean;
    readonly withRules?: boolean;
    readonly portSets?: readonly NftSet[];
  },
): Promise<Observed> {
  const { uplink } = host;
  const names = endpointNames(snapshot);
  const [links, wireguard, firstBird, birdDirectory, seen, resolved] = await Promise.all([
    host.links.observe(signal),
    host.wireguard.observe(signal),
    host.bird.observe(signal),
    readBirdDirectory(host, withBesides),
    uplink.observe(),
    host.resolver.resolve([...names, ...surroundingNames(uplink, snapshot)], signal),
  ]);
  const bird = await surely(host, firstBird, birdDirectory.birdFiles, signal);
  const nowSeconds = Math.floor(host.clock.now() / 1000);
  const roas = await takeRoas(host, { bird, birdFiles: birdDirectory.birdFiles, nowSeconds }, signal);
  const surroundings = surroundingsOf(uplink, snapshot, seen, resolved);
  // The calls to the control plane report an unresolved name themselves.
  const unresolved = host.resolver.unresolved(names);
  const unresolvedCaches = host.resolver.unresolved(cacheNames(snapshot));
  const udpHolders = await host.udpPorts.holders(freePorts(snapshot, wireguard));
  const rules = withRules ? await host.rules.observe(signal) : undefined;
  const portSets = await readPortSets(host, sets, signal);
  const sysctls = await host.sysctls.observe(links.map(({ name }) => name));
  return {
    nowSeconds,
    links,
    wireguard,
    bird,
    ...birdDirectory,
    roas,
    resolved,
    unresolved,
    unresolvedCaches,
    surroundings,
    udpHolders,
    sysctls,
    rules,
    portSets,
  };
}

/** Nothing else of the pass waits for them: one that hangs is a problem of its own. */
async function readPortSets(
  { portSets }: Host,
  sets: readonly NftSet[],
  signal: AbortSignal,
): Promise<Observed['portSets']> {
  if (sets.length === 0) return undefined;
  const reading = sets.map((set) =>
    portSets.observe(set, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return { set, problem: wordsOf(error), isMissing: false };
    }),
  );
  return Promise.all(reading);
}

/** A protocol that BIRD restarts is down for a moment, too. */
const restartMs = 300;

/**
 * BIRD as first seen; read once more where a protocol of the agent's files seems newly disabled by hand: a session that BIRD
 * only restarts must not stay off.
 */
async function surely(
  host: Host,
  bird: ObservedBird,
  birdFiles: Observed['birdFiles'],
  signal: AbortSignal,
): Promise<ObservedBird> {
  if (!bird.running) return bird;
  const names = bird.protocols.filter(isDisabledByHand).map(({ name }) => name);
  const texts = names.length === 0 ? [] : [...birdFiles.values()];
  const isNew = (name: string) =>
    texts.some((text) => text.includes(`\nprotocol bgp ${name} `) && !fileDisables(text, name));
  if (!names.some(isNew)) return bird;
  await host.clock.sleep(restartMs, signal);
  return host.bird.observe(signal);
}

/** The ROAs of the caches, where it is time to save them. Those that cannot be read now are asked for at the next pass. */
async function takeRoas(
  { bird }: Host,
  look: Pick<Observed, 'bird' | 'birdFiles' | 'nowSeconds'>,
  signal: AbortSignal,
): Promise<Observed['roas']> {
  const caches = cachesToSave(look);
  if (caches.length === 0) return undefined;
  return bird.readRoas(caches, signal).catch(() => undefined);
}

type BirdDirectory = Pick<
  Observed,
  'birdFiles' | 'birdFilesProblem' | 'localFiles' | 'operatorConfig' | 'besides'
>;

/** Tunnels do not wait for an unreadable directory. */
async function readBirdDirectory({ bird }: Host, withBesides: boolean): Promise<BirdDirectory> {
  try {
    const [birdFiles, localFiles, operatorConfig, besides] = await Promise.all([
      bird.readFiles(),
      bird.readLocalFiles(),
      bird.readOperatorConfig(),
      withBesides ? bird.readBesides() : undefined,
    ]);
    return { birdFiles, localFiles, operatorConfig, besides };
  } catch (error) {
    return { birdFiles: new Map(), birdFilesProblem: wordsOf(error) };
  }
}

/** The ports of wanted tunnels that no WireGuard interface has; none once all interfaces exist. */
function freePorts({ sessions = [], mesh }: Snapshot, wireguard: Observed['wireguard']): number[] {
  const present = new Set(wireguard.map(({ listenPort }) => listenPort));
  const wanted = [
    ...sessions.flatMap((entry) => (entry.kind === 'session' ? [entry.session.listenPort] : [])),
    ...(mesh?.peers ?? []).map(({ nodeId }) => meshListenPort(nodeId)),
  ];
  return [...new Set(wanted)].filter((port) => !present.has(port)).sort((a, b) => a - b);
}

/** The DNS names among the endpoints of all sessions and mesh peers. */
function endpointNames(snapshot: Snapshot): string[] {
  const sessions = (snapshot.sessions ?? []).flatMap((entry) =>
    entry.kind === 'session' ? [entry.session.endpoint] : [],
  );
  const peers = (snapshot.mesh?.peers ?? []).map((peer) => peer.endpoint);
  const named = [...sessions, ...peers].filter((endpoint): endpoint is Endpoint => endpoint?.named === true);
  return [...new Set(named.map((endpoint) => endpoint.host))].sort();
}

/** Reads the state of tunnels and sessions: three queries, however many sessions. Throws where links or WireGuard cannot be read. */
export async function lookAt(
  { links, wireguard, bird, clock }: Host,
  signal: AbortSignal,
): Promise<LiveSystem> {
  const [seenLinks, seenWireguard, seenBird] = await Promise.all([
    links.observe(signal),
    wireguard.observe(signal),
    bird.observe(signal),
  ]);
  const nowSeconds = Math.floor(clock.now() / 1000);
  return { nowSeconds, links: seenLinks, wireguard: seenWireguard, bird: seenBird };
}

/** Reads the node's public key. Never throws: without the key the agent makes no new tunnels, but the rest of the node goes on. */
export async function readNodeKey(keys: KeyStore): Promise<NodeKey> {
  try {
    const pair = await keys.read();
    return { publicKey: pair?.publicKey, keyProblem: pair?.problem };
  } catch (error) {
    const keyProblem = `${wordsOf(error)}. Until you fix this, the agent sets up and changes no tunnel; running tunnels stay as they are`;
    return { publicKey: undefined, keyProblem };
  }
}
