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
  /** Absent where a change of BIRD's is not to depend on the control plane. */
  readonly watch?: ControlPlaneWatch | undefined;
}

/** The fault where the change has cut the node off from its control plane. */
export const silence = 'the control plane did not answer any more';

const pollMs = 250;

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
    const answers = isHeard && watch ? answersWhenSettled(context.host, watch, signal) : true;
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

function faultOf(before: BeforeLoad, now: ObservedBird, lostAtOnce: ReadonlySet<string>): string | undefined {
  if (!now.running) return now.reason;
  const missing = missingProtocols(before, now);
  if (missing.length > 0) return `BIRD did not run ${missing.join(', ')}`;
  const lost = lostSessions(before, now).filter((name) => lostAtOnce.has(name));
  if (lost.length > 0) return `${lost.join(', ')} went down with it and did not come back`;
  return hasCollapsed(before, now) ? 'more than half of the sessions went down with it' : undefined;
}

/**
 * True where the control plane answers, so that a change that cuts the node off from it is noticed. Calls may fail because of what was
 * just undone, so the control plane is asked then; otherwise a node whose control plane is away does not wait for it.
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
