import { desire } from '../../core/desire.js';
import type { DesireMemory, Orders } from '../../core/desired/input.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import { OwnerMap } from '../../core/model/owner.js';
import { type LimitHits, nextLimitHits } from '../../core/plan/limit-hits.js';
import { makePlan, type Plan } from '../../core/plan/plan.js';
import { hasRefusals, rejectedReasons } from '../../core/plan/rejections.js';
import type { Aftermath, Failures } from '../../core/verdict/differences.js';
import { nodeVerdict } from '../../core/verdict/node/node-verdict.js';
import { outcomesOf } from '../../core/verdict/outcomes.js';
import { reportsOf } from '../../core/verdict/reports.js';
import { judgeSessions } from '../../core/verdict/session-verdict.js';
import { unreadTunnels } from '../../core/verdict/unread-tunnels.js';
import { applyPlan } from './apply.js';
import type { KnownSnapshot, PassResult, Prospect, ReconcilerContext } from './context.js';
import { healthGate } from './health-gate.js';
import type { MemoryStore } from './memory.js';
import {
  noteBackoffs,
  noteCutOffs,
  noteDials,
  noteEndpoints,
  noteHealths,
  noteInterrupted,
  noteLoopback,
  noteNeighbors,
  notePortSets,
  notePreviousAgent,
  noteReadings,
  noteRules,
} from './note-pass.js';
import { observe, readNodeKey } from './observe.js';

const nothing: Plan = { changes: [], putOff: [] };

/** Observes, and plans a pass (`adopt`: an adopting one). Changes nothing. */
export async function foresee(
  context: ReconcilerContext,
  snapshot: KnownSnapshot,
  signal: AbortSignal,
  orders: Pick<Orders, 'adopt'> = {},
): Promise<Prospect> {
  const prospect = await compare(context, desireMemory(context.memory), { snapshot, orders, signal });
  const { desired, observed } = prospect;
  const remaining = { ...nothing, putOff: prospect.plan.putOff };
  const { node, reports } = conclude(context, snapshot, {
    desired,
    observed,
    tried: nothing,
    remaining,
    failures: new OwnerMap(),
  });
  return { ...prospect, node, reports };
}

/**
 * One pass: observe, plan, apply, read back. Returns what to report; posts nothing itself. `believeList`: believes a list
 * that leaves out many sessions.
 */
export async function reconcile(
  context: ReconcilerContext,
  snapshot: KnownSnapshot,
  signal: AbortSignal,
  orders: Orders = {},
): Promise<PassResult> {
  const { clock } = context.host;
  const [startedMs, startedAt] = [clock.now(), clock.monotonic()];
  // Read once: what is measured or switched during a pass is for the next one, and no failure of this one.
  const remembered = desireMemory(context.memory);
  const asked = { snapshot, orders, signal };
  // Tunnels do not wait for it: while BIRD has a change to undo, it refuses the next one and says why.
  const putBack = await context.host.bird.recover(signal).catch(() => []);
  const before = await compare(context, remembered, asked);
  const { plan, observed } = before;
  await noteRules(context.memory, before);
  await notePortSets(context.memory, before);
  if (observed.bird.running) await context.memory.update({ birdVersion: observed.bird.version });
  await context.memory.update({ limitHits: before.limitHits });
  await notePreviousAgent(context.memory, before.desired, startedMs);
  if (putBack.length > 0) {
    await noteInterrupted(context.memory, putBack, before.desired, startedMs);
    await context.host.bird.endRecovery().catch(() => undefined);
  }
  const idle = plan.changes.length === 0;
  const { failures, isLoaded } = idle
    ? { failures: new OwnerMap<string>(), isLoaded: false }
    : await applyPlan(plan, {
        ...context,
        signal,
        desired: before.desired,
        observed,
        gateFor: (touched, isHeard) => healthGate(context, { ...before, touched }, isHeard, signal),
      });
  const { preserved, maintenance } = before.desired.previousAgent;
  const now = {
    ...remembered,
    preserved,
    maintenance: remembered.maintenance || maintenance,
    sessions: { ...remembered.sessions, disabled: before.desired.disabled },
    cacheAddresses: before.desired.cacheAddresses,
    reloadPending: context.memory.current.reloadPending,
  };
  const after = idle ? before : await compare(context, now, asked);
  await context.memory.update({ disabled: after.desired.disabled, limitHits: after.limitHits });
  noteBackoffs(context.memory, before, after, failures);
  await noteCutOffs(context.memory, after);
  await noteEndpoints(context.memory, after);
  await noteLoopback(context.memory, after);
  noteDials(context.memory, after);
  await noteNeighbors(context.memory, snapshot, after);
  await noteReadings(context.memory, snapshot, after);
  const { healths, ...concluded } = conclude(context, snapshot, {
    ...after,
    tried: plan,
    remaining: after.plan,
    failures,
  });
  await noteHealths(context.memory, healths);
  return {
    plan,
    putBack,
    outcomes: outcomesOf({ plan, remaining: after.plan, isLoaded, ...concluded }),
    observed: after.observed,
    desired: after.desired,
    remaining: after.plan,
    ...concluded,
    atSeconds: Math.floor(startedMs / 1000),
    durationMs: Math.round(clock.monotonic() - startedAt),
  };
}

/** The result of one look at the system. */
interface Comparison extends Omit<Prospect, 'reports' | 'node'> {
  readonly limitHits: LimitHits;
}

interface Asked {
  readonly snapshot: KnownSnapshot;
  readonly orders: Orders;
  readonly signal: AbortSignal;
}

async function compare(
  { host, memory, templates, templateFault, settings }: ReconcilerContext,
  remembered: DesireMemory,
  { snapshot, orders, signal }: Asked,
): Promise<Comparison> {
  const withBesides = hasRefusals(memory.current.rejected);
  const withRules = settings.kernelTable !== undefined || memory.current.mayHaveRules;
  const portSets = [...new Set([...memory.current.portSets, ...[settings.nftSet ?? []].flat()])];
  const observed = await observe(host, snapshot, signal, { withBesides, withRules, portSets });
  const desired = desire({
    snapshot,
    settings,
    key: await readNodeKey(host.keys),
    observed,
    creating: memory.current.creating,
    memory: remembered,
    orders,
    birdVersion: observed.bird.running ? observed.bird.version : memory.current.birdVersion,
    templates,
    templateFault,
  });
  const isOnTrial = observed.bird.running && observed.bird.undoSeconds !== undefined;
  const trialSinceSeconds = memory.current.trialSinceSeconds ?? observed.nowSeconds;
  memory.note({ trialSinceSeconds: isOnTrial ? trialSinceSeconds : undefined });
  const limitHits = nextLimitHits(
    memory.current.limitHits,
    desired.protocols,
    observed.bird,
    observed.nowSeconds,
  );
  const plan = makePlan(desired, observed, { ...memory.current, limitHits });
  return { observed, desired, plan, limitHits };
}

/** The verdicts on the node and its sessions, and their consequences. */
function conclude(
  { memory }: ReconcilerContext,
  { sessions }: Snapshot,
  done: Omit<Aftermath, 'rejected' | 'limitHits'>,
) {
  const { healths: before, acknowledged } = memory.current;
  const rejected = rejectedReasons(done.desired, done.observed, memory.current);
  const failures: Failures = new OwnerMap([...unreadTunnels(done), ...done.failures]);
  const aftermath = { ...done, failures, rejected, limitHits: memory.current.limitHits };
  const node = nodeVerdict(aftermath);
  const ownFault = node.noSessions?.words;
  const judged = judgeSessions({ ...aftermath, entries: sessions, before, ownFault });
  const reports = reportsOf(sessions ?? [], judged.verdicts, new Map(Object.entries(acknowledged)));
  return { failures, rejected, limitHits: aftermath.limitHits, node, ...judged, reports };
}

function desireMemory({ current }: MemoryStore): DesireMemory {
  const { healths, latencies, withdrawal, neighbors, disabled, readings, refusedRoles } = current;
  const wereUp = Object.entries(healths).flatMap(([uuid, { wasUp }]) => (wasUp ? [uuid] : []));
  return {
    latencyTiers: Object.fromEntries(Object.entries(latencies).map(([uuid, { tier }]) => [uuid, tier])),
    maintenance: current.maintenanceSinceSeconds !== undefined,
    withdrawal,
    sessions: { neighbors, disabled, readings, refusedRoles, wereUp: new Set(wereUp) },
    preserved: current.kept,
    cacheAddresses: current.cacheAddresses,
    reloadPending: current.reloadPending,
    alone: current.alone,
  };
}
