import { type BeforeLoad, hasCollapsed, lostSessions, missingProtocols } from '../core/health.js';
import type { ObservedBird } from '../core/observed.js';
import type { ControlPlaneWatch } from './control-plane-watch.js';
import type { Clock, HealthGate, Host, KernelRoutes } from './ports.js';

export interface GateContext {
  readonly host: {
    readonly bird: Pick<Host['bird'], 'observe'>;
    readonly kernelRoutes: KernelRoutes;
    readonly clock: Clock;
  };
  /** Absent where a change of BIRD's is not to depend on the control plane. */
  readonly watch?: ControlPlaneWatch;
}

/** The fault where the change has cut the node off from its control plane. */
export const silence = 'the control plane did not answer any more';

const pollMs = 250;

/**
 * The kernel's routes follow BIRD's reply, some milliseconds later with BIRD 3, more on a busy machine: they count as settled
 * when they stay the same for this long. Where routes never rest, what there is after the limit is judged.
 */
const routesPollMs = 100;
const routesQuietMs = 500;
const routesLimitMs = 10_000;

/** Sessions that BIRD itself had to restart have this long to be Established again; below BIRD's undo timer. */
const patienceMs = 60_000;

/**
 * What the agent looks at after BIRD has loaded a new configuration and before it is confirmed. Only sessions that went down
 * with the load count as lost, for a neighbor may go away at any time; they may come back while there is patience. The control plane is
 * asked when the kernel's routes have settled: an answer from before that says nothing about the change.
 * `isHeard`: the control plane answered before the load. Throws the signal's reason where it fires first: what was not
 * looked at to the end is neither good nor bad.
 */
export function healthGate(
  context: GateContext,
  before: BeforeLoad,
  isHeard: boolean,
  signal: AbortSignal,
): HealthGate {
  const { watch } = context;
  return async () => {
    const answers = isHeard && watch ? answersWhenSettled(context, watch, signal) : true;
    const fault = await lastingFault(context, before, signal);
    if (fault !== undefined) return fault;
    const isSilent = !(await answers);
    signal.throwIfAborted();
    return isSilent ? silence : undefined;
  };
}

/** What is wrong with BIRD and stays so for as long as there is patience. */
async function lastingFault(
  { host: { bird, clock } }: GateContext,
  before: BeforeLoad,
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = clock.monotonic() + patienceMs;
  const first = await bird.observe();
  const lostAtOnce = new Set(lostSessions(before, first));
  for (let now = first; ; now = await bird.observe()) {
    const fault = faultOf(before, now, lostAtOnce);
    if (fault === undefined || clock.monotonic() >= end) return fault;
    await clock.sleep(pollMs, signal);
    signal.throwIfAborted();
  }
}

/** Asks the control plane, and asks again where the routes have changed meanwhile. */
async function answersWhenSettled(
  { host }: GateContext,
  watch: ControlPlaneWatch,
  signal: AbortSignal,
): Promise<boolean> {
  const end = host.clock.monotonic() + routesLimitMs;
  for (;;) {
    const settled = await settledRoutes(host, end, signal);
    if (!(await watch.answers(signal))) return false;
    if (host.clock.monotonic() >= end || (await host.kernelRoutes.snapshot()) === settled) return true;
  }
}

/** The kernel's routes when they have stayed the same for a while, or at the end of the time. */
async function settledRoutes(
  { kernelRoutes, clock }: GateContext['host'],
  endMs: number,
  signal: AbortSignal,
): Promise<string> {
  let routes = await kernelRoutes.snapshot();
  let sinceMs = clock.monotonic();
  const isRestless = () => clock.monotonic() - sinceMs < routesQuietMs && clock.monotonic() < endMs;
  while (isRestless() && !signal.aborted) {
    await clock.sleep(routesPollMs, signal);
    const now = await kernelRoutes.snapshot();
    if (now !== routes) sinceMs = clock.monotonic();
    routes = now;
  }
  return routes;
}

function faultOf(before: BeforeLoad, now: ObservedBird, lostAtOnce: ReadonlySet<string>): string | undefined {
  if (!now.running) return now.reason;
  const missing = missingProtocols(before, now);
  if (missing.length > 0) return `BIRD did not run ${missing.join(', ')}`;
  const lost = lostSessions(before, now).filter((name) => lostAtOnce.has(name));
  if (lost.length > 0) return `${lost.join(', ')} went down with it and did not come back`;
  return hasCollapsed(before, now) ? 'more than half of the sessions went down with it' : undefined;
}
