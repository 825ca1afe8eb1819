import type { ObservedBird } from '../../core/model/observed.js';
import {
  type BeforeLoad,
  hasCollapsed,
  lostSessions,
  missingProtocols,
} from '../../core/verdict/after-load.js';
import type { HealthGate } from '../ports/bird.js';
import type { ControlPlaneWatch } from '../ports/control-plane.js';
import type { Clock, Host, KernelRoutes } from '../ports/host.js';
import type { ApplyContext } from './context.js';
import { answersWhenSettled } from './settled-answer.js';

export interface GateContext {
  readonly host: {
    readonly bird: Pick<Host['bird'], 'observe'>;
    readonly kernelRoutes: KernelRoutes;
    readonly clock: Clock;
  };
  /** Absent where a change of BIRD must not depend on the control plane. */
  readonly watch?: ControlPlaneWatch | undefined;
}

/** The fault of a change that cut the node off from its control plane. */
export const silence = 'the control plane stopped answering';

const pollMs = 250;

/** Sessions that BIRD itself had to restart have this long to become Established again; below BIRD's undo timer. */
const patienceMs = 60_000;

/**
 * The agent's look at BIRD after it has loaded a new configuration and before the agent confirms it. Only sessions that went
 * down with the load count as lost, because a neighbor may leave at any time; they have some time to come back. The agent
 * asks the control plane after the kernel's routes have settled: an earlier answer says nothing about the change.
 * `isHeard`: the control plane answered before the load. Throws the signal's reason where the signal fires first: an
 * unfinished look gives no verdict.
 */
export function healthGate(
  context: GateContext,
  before: BeforeLoad,
  isHeard: boolean,
  signal: AbortSignal,
): HealthGate {
  const { watch } = context;
  return async () => {
    const answers = isHeard && watch ? answersWhenSettled(context.host, watch, signal) : true;
    const fault = await lastingFault(context, before, signal);
    if (fault !== undefined) return fault;
    const isSilent = !(await answers);
    signal.throwIfAborted();
    return isSilent ? silence : undefined;
  };
}

/** The fault that BIRD still shows at the end of the waiting time. */
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

function faultOf(before: BeforeLoad, now: ObservedBird, lostAtOnce: ReadonlySet<string>): string | undefined {
  if (!now.running) return now.reason;
  const missing = missingProtocols(before, now);
  if (missing.length > 0) return `BIRD did not run ${missing.join(', ')}`;
  const lost = lostSessions(before, now).filter((name) => lostAtOnce.has(name));
  if (lost.length > 0) return `${lost.join(', ')} went down with it and did not come back`;
  return hasCollapsed(before, now) ? 'more than half of the sessions went down with it' : undefined;
}

/**
 * True where the control plane answers, so that the agent would notice a change that cuts the node off. Where calls failed
 * after an undone change, it is asked now; otherwise a node without a control plane does not wait for it.
 */
export async function hearsControlPlane({
  watch,
  memory,
  signal,
}: Pick<ApplyContext, 'watch' | 'memory' | 'signal'>): Promise<boolean> {
  if (!watch || watch.isAnswering()) return watch !== undefined;
  const { rejected, cutOffs } = memory.current;
  const wasCutOff = Object.values(rejected).some(({ silenced }) => silenced) || cutOffs.size > 0;
  return wasCutOff && (await watch.answers(signal));
}
