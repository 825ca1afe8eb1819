import { findFormer } from '../core/adopt/find-former.js';
import { nextBackoffs } from '../core/backoff.js';
import { type Desired, type DesireInput, type DesireMemory, desire } from '../core/desired/desire.js';
import { findHoldings } from '../core/desired/holdings.js';
import type { NodeSettings } from '../core/desired/settings.js';
import { reachedEndpoint } from '../core/diff/tunnel.js';
import { type Healths, judgeSessions, withHealth } from '../core/judge-sessions.js';
import type { BootstrapConfig, Snapshot } from '../core/model/control-plane.js';
import { formatMark, sameOwner } from '../core/model/owner.js';
import type { Observed } from '../core/observed.js';
import { describeChange, isTunnelChange, makePlan, type Plan, tunnelWish } from '../core/plan.js';
import { rejectedReasons } from '../core/rejections.js';
import type { Templates } from '../core/render/templates.js';
import { type Outcome, reportsOf, type SessionReport } from '../core/reports.js';
import { hasTurned } from '../core/session-health.js';
import { type Failures, outcomeOf } from '../core/settle.js';
import { applyPlan } from './apply.js';
import { type GateContext, healthGate } from './health-gate.js';
import type { MemoryStore } from './memory.js';
import { observe } from './observe.js';
import type { Host } from './ports.js';

export interface ReconcilerContext extends Pick<GateContext, 'watch'> {
  readonly host: Host;
  readonly memory: MemoryStore;
  readonly templates: Templates;
  readonly settings: NodeSettings;
}

/** A snapshot of which at least the bootstrap configuration is known. */
export type KnownSnapshot = Snapshot & { readonly config: BootstrapConfig };

/** What a pass would do. */
export interface Prospect {
  readonly observed: Observed;
  readonly desired: Desired;
  readonly plan: Plan;
  /** The status updates that follow if all of it succeeds. */
  readonly reports: readonly SessionReport[];
}

/** What a pass has done. */
export interface PassResult {
  readonly plan: Plan;
  readonly failures: Failures;
  /** The system as it was read back, and what was desired of it. */
  readonly observed: Observed;
  readonly desired: Desired;
  /** Files that are not tried again as they are: path → why. */
  readonly rejected: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  readonly reports: readonly SessionReport[];
  readonly atSeconds: number;
  readonly durationMs: number;
}

const nothing: Plan = { changes: [], putOff: [] };

/** Observes, and says what a pass would do, with `adopt` one that takes what is in doubt; changes nothing. */
export async function foresee(
  context: ReconcilerContext,
  snapshot: KnownSnapshot,
  signal: AbortSignal,
  options: { readonly adopt?: boolean } = {},
): Promise<Prospect> {
  const remembered = { ...desireMemory(context.memory), ...options };
  const prospect = await compare(context, snapshot, remembered, signal);
  const { desired, observed } = prospect;
  const rejected = rejectedReasons(desired, observed, context.memory.current);
  const { backoffs } = context.memory.current;
  const outcome = outcomeOf({
    desired,
    observed,
    tried: nothing,
    remaining: { ...nothing, putOff: prospect.plan.putOff },
    failures: new Map(),
    rejected,
    backoffs,
  });
  const judged = { entries: snapshot.sessions, desired, observed, outcome };
  const healths = judgeSessions(context.memory.current.healths, judged);
  return { ...prospect, reports: reports(context, snapshot, withHealth(outcome, healths)) };
}

/**
 * One pass: observe, plan, apply, read back. Returns what to report; posts nothing itself. With `believeList` also a list
 * that leaves out many sessions is taken at its word.
 */
export async function reconcile(
  context: ReconcilerContext,
  snapshot: KnownSnapshot,
  signal: AbortSignal,
  options: { readonly believeList?: boolean; readonly adopt?: boolean } = {},
): Promise<PassResult> {
  const { clock } = context.host;
  const [startedMs, startedAt] = [clock.now(), clock.monotonic()];
  // Taken once: what is measured or switched on during a pass is for the next one, and no failure of this one.
  const remembered = { ...desireMemory(context.memory), ...options };
  const before = await compare(context, snapshot, remembered, signal);
  const { plan, observed } = before;
  if (observed.bird.running) await context.memory.update({ birdVersion: observed.bird.version });
  await rememberFormer(context, before.desired);
  const idle = plan.changes.length === 0;
  // Nothing waits for it: where the disk cannot be written, the next pass tries again.
  if (idle) await context.host.bird.sweep().catch(() => undefined);
  const failures: Failures = idle
    ? new Map()
    : await applyPlan(plan, {
        ...context,
        signal,
        desired: before.desired,
        gateFor: (touched, isHeard) => healthGate(context, { ...before, touched }, isHeard, signal),
      });
  const kept = before.desired.former;
  const now = { ...remembered, kept: kept.kept, maintenance: remembered.maintenance || kept.maintenance };
  const after = idle ? before : await compare(context, snapshot, now, signal);
  noteBackoffs(context.memory, before, after, failures);
  await noteEndpoints(context.memory, after);
  const rejected = rejectedReasons(after.desired, after.observed, context.memory.current);
  const { backoffs } = context.memory.current;
  const settled = outcomeOf({ ...after, tried: plan, remaining: after.plan, failures, rejected, backoffs });
  const judged = { ...after, entries: snapshot.sessions, outcome: settled };
  const healths = judgeSessions(context.memory.current.healths, judged);
  await keepHealths(context.memory, healths);
  const outcome = withHealth(settled, healths);
  return {
    plan,
    failures,
    observed: after.observed,
    desired: after.desired,
    rejected,
    outcome,
    reports: reports(context, snapshot, outcome),
    atSeconds: Math.floor(startedMs / 1000),
    durationMs: Math.round(clock.monotonic() - startedAt),
  };
}

/** Before anything is changed: once the former files are gone, nobody could tell any more what was in them. */
async function rememberFormer({ memory, host }: ReconcilerContext, { former }: Desired): Promise<void> {
  const since = memory.current.maintenanceSinceSeconds ?? Math.floor(host.clock.now() / 1000);
  await memory.update({
    kept: former.kept,
    ...(former.maintenance ? { maintenanceSinceSeconds: since } : {}),
  });
}

/** What one look at the system leads to. */
type Comparison = Omit<Prospect, 'reports'>;

async function compare(
  { host, memory, templates, settings }: ReconcilerContext,
  snapshot: KnownSnapshot,
  remembered: DesireMemory,
  signal: AbortSignal,
): Promise<Comparison> {
  const observed = await observe(host, snapshot, signal);
  const publicKey = (await host.keys.read())?.publicKey;
  const { creating } = memory.current;
  const former = findFormer(observed, snapshot, { publicKey, creating, adopt: remembered.adopt ?? false });
  const input: DesireInput = {
    snapshot,
    settings,
    publicKey,
    holdings: findHoldings(observed, creating, former.taken),
    former,
    birdVersion: observed.bird.running ? observed.bird.version : memory.current.birdVersion,
    templates,
    memory: remembered,
  };
  const desired = desire(input);
  return { observed, desired, plan: makePlan(desired, observed, memory.current) };
}

/** An endpoint that is in place was given, also if the agent died before it could write that down. */
async function noteEndpoints(memory: MemoryStore, { desired, observed }: Comparison): Promise<void> {
  const wireguards = new Map(observed.wireguard.map((wireguard) => [wireguard.interface, wireguard]));
  const reached = desired.tunnels.flatMap((tunnel) => {
    const endpoint = reachedEndpoint(tunnel, wireguards.get(tunnel.interface), observed.resolved);
    return endpoint === undefined ? [] : [[tunnel.interface, endpoint] as const];
  });
  await memory.update({ endpoints: { ...memory.current.endpoints, ...Object.fromEntries(reached) } });
}

/** What goes by from minute to minute is not worth the wear of a flash disk. */
async function keepHealths(memory: MemoryStore, healths: Healths): Promise<void> {
  const former = memory.current.healths;
  const uuids = [...new Set([...Object.keys(former), ...Object.keys(healths)])];
  if (uuids.some((uuid) => hasTurned(former[uuid], healths[uuid]))) await memory.update({ healths });
  else memory.note({ healths });
}

/** Whose tunnel failed, or is still not as it should be, waits before it is tried again. */
function noteBackoffs(memory: MemoryStore, before: Comparison, after: Comparison, failures: Failures): void {
  const tried = new Map<string, string>();
  const failed = new Map<string, string>();
  for (const change of before.plan.changes.filter(isTunnelChange)) {
    const mark = formatMark(change.owner);
    tried.set(mark, tunnelWish(before.desired, change.owner));
    const left = after.plan.changes.find(
      (other) => isTunnelChange(other) && sameOwner(other.owner, change.owner),
    );
    const reason = left && (failures.get(mark) ?? `could not ${describeChange(left)}: ${left.why}`);
    if (reason !== undefined) failed.set(mark, reason);
  }
  const backoffs = nextBackoffs(memory.current.backoffs, { tried, failed }, after.observed.nowSeconds);
  memory.note({ backoffs });
}

function reports({ memory }: ReconcilerContext, snapshot: Snapshot, outcome: Outcome): SessionReport[] {
  const acknowledged = new Map(Object.entries(memory.current.acknowledged));
  return reportsOf(snapshot.sessions ?? [], outcome, acknowledged);
}

function desireMemory({ current }: MemoryStore): DesireMemory {
  const { latencies, maintenanceSinceSeconds, withdrawal } = current;
  return {
    latencyTiers: Object.fromEntries(Object.entries(latencies).map(([uuid, { tier }]) => [uuid, tier])),
    maintenance: maintenanceSinceSeconds !== undefined,
    withdrawal,
    kept: current.kept,
  };
}
