import type { PassResult } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';

/** What of the state is new enough to count. */
export interface Fresh {
  readonly pings: NodeState['pings'];
  /** The tunnels' counters were read since the last time. */
  readonly hasCounters: boolean;
  /** BIRD's counts of routes are of the last passes. */
  readonly hasRoutes: boolean;
}

/** What was read longer ago than this is not known. */
const freshMs = 150_000;

/** Tells at each look what counts; undefined where all is as at the look before, and still counts. */
export function openFreshness(): (
  pings: NodeState['pings'],
  lastPass: PassResult,
  nowMs: number,
) => Fresh | undefined {
  let before: Pick<NodeState, 'lastPass' | 'pings'> | undefined;
  let passAtMs = Number.NEGATIVE_INFINITY;
  let pingsAtMs = Number.NEGATIVE_INFINITY;
  return (pings, lastPass, nowMs) => {
    const told = before;
    if (pings !== told?.pings) pingsAtMs = nowMs;
    if (lastPass.observed.nowSeconds !== told?.lastPass?.observed.nowSeconds) passAtMs = nowMs;
    const arePingsOld = nowMs - pingsAtMs > freshMs;
    const isPassOld = nowMs - passAtMs > freshMs;
    const isSame = lastPass === told?.lastPass && pings === told.pings;
    if (isSame && !arePingsOld && !isPassOld) return undefined;
    before = { lastPass, pings };
    return {
      pings: arePingsOld ? new Map() : pings,
      hasCounters: lastPass.observed.wireguard !== told?.lastPass?.observed.wireguard,
      hasRoutes: !isPassOld,
    };
  };
}
