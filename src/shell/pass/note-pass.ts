import type { Desired } from '../../core/desired/desired.js';
import { routedAddresses } from '../../core/desired/session-tunnel.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import type { Observed } from '../../core/model/observed.js';
import { type Owner, OwnerMap, sameOwner } from '../../core/model/owner.js';
import { listedUuids } from '../../core/model/session.js';
import type { ObservedPortSet } from '../../core/model/values/port-set.js';
import { sessionId } from '../../core/model/values/session-id.js';
import { nextBackoffs } from '../../core/plan/backoff.js';
import { nextDial } from '../../core/plan/dial.js';
import { peerWithChoice, reachedEndpoint } from '../../core/plan/diff-endpoint.js';
import { loopbackCarrier } from '../../core/plan/diff-loopback.js';
import { isNetworkChange, isTunnelChange } from '../../core/plan/order.js';
import { describeChange, type Plan, tunnelWish } from '../../core/plan/plan.js';
import { interrupted } from '../../core/plan/rejections.js';
import type { Failures } from '../../core/verdict/differences.js';
import { type Healths, hasTurned } from '../../core/verdict/session-health.js';
import type { MemoryStore } from './memory.js';

// What a pass stores for later passes.

interface Look {
  readonly observed: Observed;
  readonly desired: Desired;
  readonly plan: Plan;
}

/** Before any change: once the previous agent's files are gone, their content is lost. */
export async function notePreviousAgent(
  memory: MemoryStore,
  { previousAgent, disabled, cacheAddresses, refusedRoles, alone }: Desired,
  nowMs: number,
): Promise<void> {
  const since = memory.current.maintenanceSinceSeconds ?? Math.floor(nowMs / 1000);
  await memory.update({
    kept: previousAgent.preserved,
    // Before BIRD loads anything: a load would enable again what is not stored as disabled.
    disabled,
    cacheAddresses,
    // BIRD does not show it any more once it has loaded the session without.
    refusedRoles,
    alone,
    ...(previousAgent.maintenance ? { maintenanceSinceSeconds: since } : {}),
  });
}

/** What a killed agent had not confirmed is tried again only where the agent would notice that it cuts the node off. */
export async function noteInterrupted(
  memory: MemoryStore,
  paths: readonly string[],
  desired: Desired,
  nowMs: number,
): Promise<void> {
  const nowSeconds = Math.floor(nowMs / 1000);
  const rejected = Object.fromEntries(paths.map((path) => [path, interrupted(desired, path, nowSeconds)]));
  await memory.update({ rejected: { ...memory.current.rejected, ...rejected } });
}

/** An endpoint in place was set before, even if the agent died before it could store that. */
export async function noteEndpoints(memory: MemoryStore, { desired, observed }: Look): Promise<void> {
  const wireguards = new Map(observed.wireguard.map((wireguard) => [wireguard.interface, wireguard]));
  const reached = desired.tunnels.flatMap((tunnel) => {
    const endpoint = reachedEndpoint(tunnel, wireguards.get(tunnel.interface), desired.resolved);
    return endpoint === undefined ? [] : [[tunnel.interface, endpoint] as const];
  });
  await memory.update({ endpoints: { ...memory.current.endpoints, ...Object.fromEntries(reached) } });
}

/** Since when peers with several addresses do not answer at the present one. */
export function noteDials(memory: MemoryStore, { desired, observed }: Look): void {
  const wireguards = new Map(observed.wireguard.map((wireguard) => [wireguard.interface, wireguard]));
  const dials = desired.tunnels.flatMap((tunnel) => {
    const device = wireguards.get(tunnel.interface);
    const peer = device?.unread ? undefined : peerWithChoice(tunnel, device, desired.resolved);
    const before = memory.current.dials[tunnel.interface];
    return peer ? [[tunnel.interface, nextDial(before, peer, observed.nowSeconds)] as const] : [];
  });
  memory.note({ dials: Object.fromEntries(dials) });
}

/** Which interface has the node's addresses, once none of them needs a change. */
export async function noteLoopback(memory: MemoryStore, { plan, desired, observed }: Look): Promise<void> {
  const pending = [...plan.changes, ...plan.putOff.map(({ change }) => change)];
  if (pending.some(({ kind }) => kind === 'set-loopback')) return;
  const { interface: wanted, addresses } = desired.loopback;
  const carrier = loopbackCarrier(wanted, addresses, observed.links, memory.current.loopbackCarrier);
  if (carrier) await memory.update({ loopbackCarrier: { wanted, actual: carrier.name } });
}

/**
 * The neighbors' addresses that passed the checks while all forbidden addresses were known: if the machine gets one of
 * them later, it still belongs to the neighbor.
 */
export async function noteNeighbors(
  memory: MemoryStore,
  { birdConfig, mesh }: Snapshot,
  { desired }: Look,
): Promise<void> {
  if (!birdConfig || !mesh) return;
  const before = Object.entries(memory.current.neighbors);
  const stays = ([uuid]: readonly [string, unknown]) => {
    const id = sessionId.safeParse(uuid);
    return id.success && desired.isUnknown({ kind: 'session', uuid: id.data });
  };
  const now = desired.sessions.flatMap(({ session }) => {
    const addresses = routedAddresses(session);
    return addresses.length > 0 ? [[session.uuid, addresses] as const] : [];
  });
  await memory.update({ neighbors: Object.fromEntries([...before.filter(stays), ...now].sort(byName)) });
}

/** A row that cannot be read now, or whose withdrawal is doubted, is read later as it was before. */
export async function noteReadings(
  memory: MemoryStore,
  { sessions }: Snapshot,
  { desired }: Look,
): Promise<void> {
  if (!sessions) return;
  const listed: ReadonlySet<string> = listedUuids(sessions);
  const doubted: ReadonlySet<string> = new Set(desired.doubted);
  const before = Object.entries(memory.current.readings).filter(
    ([uuid]) => listed.has(uuid) || doubted.has(uuid),
  );
  const readings = { ...Object.fromEntries(before), ...desired.readings };
  await memory.update({ readings: Object.fromEntries(Object.entries(readings).sort(byName)) });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Values that change every minute do not justify the wear of a flash disk. */
export async function noteHealths(memory: MemoryStore, healths: Healths): Promise<void> {
  const former = memory.current.healths;
  const uuids = [...new Set([...Object.keys(former), ...Object.keys(healths)])];
  if (uuids.some((uuid) => hasTurned(former[uuid], healths[uuid]))) await memory.update({ healths });
  else memory.note({ healths });
}

/** A change that is not needed any more, whoever made it, does not count any longer as one that cut the node off. */
export async function noteCutOffs(memory: MemoryStore, { plan }: Look): Promise<void> {
  const pending = [...plan.changes, ...plan.putOff.map(({ change }) => change)].filter(isNetworkChange);
  const isPending = (owner: Owner) => pending.some((change) => sameOwner(change.owner, owner));
  const left = [...memory.current.cutOffs].filter(([owner]) => isPending(owner));
  await memory.update({ cutOffs: new OwnerMap(left) });
}

/** An owner whose tunnel failed, or still differs, waits before the next try. */
export function noteBackoffs(memory: MemoryStore, before: Look, after: Look, failures: Failures): void {
  const tried = new OwnerMap<string>();
  const failed = new OwnerMap<string>();
  for (const { owner } of before.plan.changes.filter(isTunnelChange)) {
    tried.set(owner, tunnelWish(before.desired, after.observed, owner));
    const left = after.plan.changes.find((other) => isTunnelChange(other) && sameOwner(other.owner, owner));
    const reason = left && (failures.get(owner) ?? `could not ${describeChange(left)}: ${left.why}`);
    if (reason !== undefined) failed.set(owner, reason);
  }
  const backoffs = nextBackoffs(memory.current.backoffs, { tried, failed }, after.observed.nowSeconds);
  memory.note({ backoffs });
}

/** Whether there may be routing rules of the agent's: as long as there are none, nobody looks. */
export async function noteRules(
  memory: MemoryStore,
  { desired, observed }: Pick<Look, 'desired' | 'observed'>,
): Promise<void> {
  if (!observed.rules) return;
  await memory.update({ mayHaveRules: desired.rules.length + observed.rules.length > 0 });
}

/** The sets in which the agent has elements, or is to have some: it looks into them also when the configuration names another. */
export async function notePortSets(
  memory: MemoryStore,
  { desired, observed }: Pick<Look, 'desired' | 'observed'>,
): Promise<void> {
  const isOver = (seen: ObservedPortSet) =>
    seen.set !== desired.nftSet &&
    ('problem' in seen ? seen.isMissing : !seen.elements.some(({ isOurs }) => isOurs));
  const kept = (observed.portSets ?? []).filter((seen) => !isOver(seen)).map(({ set }) => set);
  if (observed.portSets) await memory.update({ portSets: kept });
}
