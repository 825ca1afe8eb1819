import type { Desired } from '../desired/desired.js';
import type { LinkLatency } from '../desired/latency.js';
import { findOwned } from '../desired/owned.js';
import type { Withdrawal } from '../desired/withdrawal.js';
import { type DesiredProtocol, type Tunnel, tunnelOf } from '../model/artifacts.js';
import type { Change } from '../model/change.js';
import { hashOf } from '../model/fingerprint.js';
import { linkNamed, type Observed, wireguardNamed } from '../model/observed.js';
import { type Owner, OwnerMap, sameOwner } from '../model/owner.js';
import { describePorts } from '../model/values/port-set.js';
import { type Backoffs, isWaiting } from './backoff.js';
import { type CutOffs, cutOffBefore, isTooSoon, networkWish } from './cut-offs.js';
import type { Dial } from './dial.js';
import { diffFiles, diffProtocols } from './diff-bird.js';
import { diffLoopback, type LoopbackCarrier } from './diff-loopback.js';
import { diffPorts } from './diff-ports.js';
import { describeRules, diffRules } from './diff-rules.js';
import { diffTunnel } from './diff-tunnel.js';
import { withoutOffIpv6 } from './ipv6-off.js';
import { type LimitHits, limitChanges } from './limit-hits.js';
import { isTrialLong, whyTrialWaits } from './operator-trial.js';
import { inOrder, isNetworkChange, isTunnelChange } from './order.js';
import { portsInTheWay } from './ports-in-the-way.js';
import { type Rejections, rejectedReasons } from './rejections.js';

/** What the agent remembers because the system itself does not show it. */
export interface Memory {
  /** Interface → the endpoint text that it got last. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Interface → the attempts at its peer's present address. Lost at a restart. */
  readonly dials: Readonly<Record<string, Dial>>;
  /** Loopback addresses that the agent set. */
  readonly loopback: readonly string[];
  /** The interface that had them when all was as desired. */
  readonly loopbackCarrier: LoopbackCarrier | undefined;
  /** Interfaces that the agent began to make. */
  readonly creating: readonly string[];
  /** True from before BIRD's files are swapped until BIRD has loaded them. */
  readonly reloadPending: boolean;
  /** BIRD's version when it last answered, so that the agent renders the same files while BIRD is down. */
  readonly birdVersion: string | undefined;
  /** The files that BIRD refused, or that were undone. */
  readonly rejected: Rejections;
  /** Pauses after failures on an owner's tunnel. Lost at a restart. */
  readonly backoffs: Backoffs;
  /** Changes of the network that cut the node off from its control plane. */
  readonly cutOffs: CutOffs;
  /** Unix seconds since when an operator has a trial in BIRD. Lost at a restart. */
  readonly trialSinceSeconds?: number | undefined;
  /** The last list of sessions that was doubted. */
  readonly withdrawal: Withdrawal | undefined;
  /** Session uuid → the measured latency of its link, and its tier. */
  readonly latencies: Readonly<Record<string, LinkLatency>>;
  /** Route limits of the sessions' protocols that blocked routes. */
  readonly limitHits: LimitHits;
}

/**
 * The memory of a new agent. It does not know whether BIRD has loaded its files; loading the same files again resets no
 * session.
 */
export const unknownPast: Memory = {
  endpoints: {},
  dials: {},
  loopback: [],
  loopbackCarrier: undefined,
  creating: [],
  reloadPending: true,
  birdVersion: undefined,
  rejected: {},
  backoffs: new OwnerMap(),
  cutOffs: new OwnerMap(),
  withdrawal: undefined,
  latencies: {},
  limitHits: {},
};

/** The changes of one pass, in the order of `order.ts`. Empty when the system is as desired. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Changes that wait because they failed before, or were undone. */
  readonly putOff: readonly PutOff[];
}

interface PutOff {
  readonly change: Change;
  /** Why it failed, or was undone, or what it waits for. */
  readonly reason: string;
  /** True where the wait is short, so that the agent does not report it yet. */
  readonly isBrief?: boolean;
}

/** Compares what is desired with what is observed. */
export function makePlan(desired: Desired, observed: Observed, memory: Memory): Plan {
  const rejected = rejectedReasons(desired, observed, memory);
  const differing = desired.files
    ? diffFiles(desired.files, observed.birdFiles, desired, memory.latencies)
    : [];
  const allowed = differing.filter((change) => rejected[changedPath(change) ?? ''] === undefined);
  const trial = whyTrialWaits(observed);
  const birdWaits = whyBirdWaits(desired, observed, memory) ?? trial;
  const files = birdWaits === undefined ? allowed : [];
  const reloadPending = memory.reloadPending && mayReload(desired, rejected) && birdWaits === undefined;
  const wanted = [
    ...(desired.publicKey === undefined && desired.keyProblem === undefined ? [createKeyPair] : []),
    ...diffLoopback(desired.loopback.interface, desired.loopback.addresses, observed.links, {
      addresses: memory.loopback,
      unmarked: memory.creating,
      carrier: memory.loopbackCarrier,
    }),
    ...diffPorts(desired, observed, memory.creating),
    ...freePorts(desired, observed),
    ...diffTunnels(desired, observed, memory),
    ...files,
    ...diffProtocols(
      loadable(desired, observed, rejected),
      observed.bird,
      files.length > 0,
      reloadPending,
    ).filter(({ kind }) => kind !== 'reload-bird' || birdWaits === undefined),
    ...limitChanges(memory.limitHits, desired.protocols, observed.nowSeconds),
    ...diffRules(desired.rules, observed),
    ...prune(desired, observed, memory),
  ];
  const parted = wanted.map((change) => ({ whole: change, ...withoutOffIpv6(change, desired, observed) }));
  const changes = parted.flatMap(({ change }) => change ?? []);
  const putOff = changes.flatMap((change): PutOff[] => {
    const reason = whyPutOff(change, desired, observed, memory);
    return reason === undefined ? [] : [{ change, reason }];
  });
  const due = changes.filter((change) => !putOff.some((one) => one.change === change));
  putOff.push(
    ...parted.flatMap(({ whole, missed }) =>
      missed === undefined ? [] : [{ change: whole, reason: missed }],
    ),
  );
  const isBrief = birdWaits === trial && !isTrialLong(observed, memory);
  if (birdWaits !== undefined)
    putOff.push(...allowed.map((change) => ({ change, reason: birdWaits, isBrief })));
  return { changes: inOrder(due), putOff };
}

const node = { kind: 'node' } as const;

function whyPutOff(
  change: Change,
  desired: Desired,
  observed: Observed,
  { backoffs, cutOffs }: Memory,
): string | undefined {
  const { nowSeconds } = observed;
  const cutOff = isNetworkChange(change) ? cutOffBefore(cutOffs, desired, change.owner) : undefined;
  if (cutOff && isTooSoon(cutOff, nowSeconds)) return cutOff.reason;
  const backoff = isTunnelChange(change) ? backoffs.get(change.owner) : undefined;
  if (!backoff) return undefined;
  const wish = tunnelWish(desired, observed, change.owner);
  return isWaiting(backoff, wish, nowSeconds) ? backoff.reason : undefined;
}

/** BIRD's files use the node's own addresses: while a change of those is undone, the files wait with them. */
function whyBirdWaits(desired: Desired, { nowSeconds }: Observed, { cutOffs }: Memory): string | undefined {
  const cutOff = cutOffBefore(cutOffs, desired, node);
  return cutOff && isTooSoon(cutOff, nowSeconds) ? cutOff.reason : undefined;
}

/**
 * What is wanted of an owner's tunnel and what exists of it, as a text to compare: if either changes, what failed before
 * may succeed.
 */
export function tunnelWish(desired: Desired, { links, wireguard }: Observed, owner: Owner): string {
  const name = tunnelOf(desired.tunnels, owner)?.interface;
  const link = name && linkNamed(links, name);
  const device = name && wireguardNamed(wireguard, name);
  const there = [link, device?.publicKey, device?.listenPort];
  return `${networkWish(desired, owner)} ${hashOf([JSON.stringify(there)])}`;
}

/** The file that a change writes or removes; undefined for what changes no file. */
export function changedPath(change: Change): string | undefined {
  if (change.kind === 'write-file') return change.file.path;
  return change.kind === 'remove-file' ? change.path : undefined;
}

/**
 * True where the agent may load BIRD's files although none changes. False where it has no files of its own, and where one
 * of the node's was refused or undone: a load would repeat that, or comes with its next try.
 */
function mayReload({ files }: Desired, rejected: Readonly<Record<string, string>>): boolean {
  return files?.every(({ path, owner }) => owner.kind !== 'node' || rejected[path] === undefined) ?? false;
}

/** The protocols that can run: without those of refused files, except for the node's own that BIRD already has. */
function loadable(
  desired: Desired,
  { bird }: Observed,
  rejected: Readonly<Record<string, string>>,
): readonly DesiredProtocol[] {
  const refused = (desired.files ?? []).filter((file) => rejected[file.path] !== undefined);
  const running = new Set(bird.running ? bird.protocols.map(({ name }) => name) : []);
  const lacking = new Set(
    desired.nodeProtocols.filter(({ file }) => rejected[file] !== undefined).map(({ name }) => name),
  );
  return desired.protocols.filter(({ name, owner, lack }) =>
    lack === undefined
      ? !refused.some((file) => sameOwner(file.owner, owner))
      : running.has(name) || !lacking.has(name),
  );
}

const createKeyPair: Change = { kind: 'create-key-pair', owner: node, why: 'there is none' };

function freePorts({ tunnels }: Desired, observed: Observed): Change[] {
  const wanted = new Map(tunnels.map(({ interface: name, listenPort }) => [name, listenPort]));
  const byName = new Map<string, Tunnel>(tunnels.map((tunnel) => [tunnel.interface, tunnel]));
  return portsInTheWay(wanted, observed.wireguard).flatMap(({ port, holder, wantedBy }): Change[] => {
    const [has, heir] = [byName.get(holder), byName.get(wantedBy)];
    if (!has || !heir) return [];
    const why = `${wantedBy} needs this port; ${holder} moves to port ${has.listenPort}`;
    return [{ kind: 'free-port', owner: heir.owner, interface: has.interface, port, why }];
  });
}

function diffTunnels(desired: Desired, observed: Observed, memory: Memory): Change[] {
  const isKeyUnknown = desired.publicKey === undefined && desired.keyProblem !== undefined;
  const links = new Map(observed.links.map((link) => [link.name, link]));
  const wireguards = new Map(observed.wireguard.map((wireguard) => [wireguard.interface, wireguard]));
  return desired.tunnels.flatMap((tunnel) =>
    diffTunnel(tunnel, {
      link: links.get(tunnel.interface),
      wireguard: wireguards.get(tunnel.interface),
      // The agent must not touch running tunnels only because it cannot compare their key.
      publicKey: isKeyUnknown ? wireguards.get(tunnel.interface)?.publicKey : desired.publicKey,
      resolved: desired.resolved,
      nowSeconds: observed.nowSeconds,
      lastEndpoint: memory.endpoints[tunnel.interface],
      dial: memory.dials[tunnel.interface],
      isAdopted: desired.previousAgent.adopted.has(tunnel.interface),
    }),
  );
}

/** Owned or adopted tunnels that nothing desired needs. */
function prune(desired: Desired, observed: Observed, memory: Memory): Change[] {
  const wanted = new Set<string>([
    desired.loopback.interface,
    ...desired.tunnels.map((tunnel) => tunnel.interface),
  ]);
  const wantedPorts = new Set(desired.tunnels.map((tunnel) => tunnel.listenPort));
  const ports = new Map(observed.wireguard.map(({ interface: name, listenPort }) => [name, listenPort]));
  const { tunnels, unfinished } = findOwned(observed, memory.creating, desired.previousAgent.adopted);
  const owned = [...tunnels, ...[...unfinished].map((name) => [name, node] as const)];
  return owned
    .flatMap(([name, owner]): Change[] => {
      if (wanted.has(name) || desired.isUnknown(owner)) return [];
      const needed = wantedPorts.has(ports.get(name) ?? 0);
      const [danger] = desired.dangers.get(owner) ?? [];
      const idle = needed
        ? 'it is not needed any more, and another tunnel needs its port'
        : 'it is not needed any more';
      const why = danger ? `it has the address ${danger.address}: ${danger.why}` : idle;
      // A tunnel that diverts packets which the node needs goes first, because other changes may need them.
      return [{ kind: 'remove-tunnel', owner, interface: name, first: needed || danger !== undefined, why }];
    })
    .concat(desired.previousAgent.orphans.map(removeOrphan));
}

function removeOrphan(name: string): Change {
  const why = 'the previous agent left it, and the control plane lists no owner for it';
  return { kind: 'remove-tunnel', owner: node, interface: name, first: false, why };
}

type OfKind<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** The changes of one kind, in their order. */
export function changesOf<K extends Change['kind']>(changes: readonly Change[], kind: K): OfKind<K>[] {
  return changes.filter((change): change is OfKind<K> => change.kind === kind);
}

/** One line for a person: the action and its object. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'create-key-pair':
      return 'make the WireGuard key pair';
    case 'free-port':
      return `free port ${change.port} of ${change.interface}`;
    case 'create-tunnel':
      return `create tunnel ${change.interface}`;
    case 'set-loopback':
      return `set loopback ${change.link.interface}`;
    case 'set-link':
      return `set link ${change.link.interface}`;
    case 'sync-wireguard':
      return `set WireGuard on ${change.tunnel.interface}`;
    case 'write-file':
      return `write ${change.file.path}`;
    case 'remove-file':
      return `remove ${change.path}`;
    case 'reload-bird':
      return 'reload BIRD';
    case 'enable-protocol':
      return `enable BIRD protocol ${change.protocol}`;
    case 'disable-protocol':
      return `disable BIRD protocol ${change.protocol}`;
    case 'restart-protocol':
      return `restart BIRD protocol ${change.protocol}`;
    case 'resend-routes':
      return `send the routes of BIRD protocol ${change.protocol} again`;
    case 'set-ports':
      return describeSetPorts(change);
    case 'add-rules':
      return `add routing rules: ${describeRules(change.rules)}`;
    case 'remove-rules':
      return `remove routing rules: ${describeRules(change.rules)}`;
    case 'remove-tunnel':
      return `remove tunnel ${change.interface}`;
  }
}

function describeSetPorts({ set, add, remove }: OfKind<'set-ports'>): string {
  const parts = [
    ...(add.length > 0 ? [`add ${describePorts(add)}`] : []),
    ...(remove.length > 0 ? [`remove ${describePorts(remove)}`] : []),
  ];
  return `set the nft set ${set}: ${parts.join(', ')}`;
}
