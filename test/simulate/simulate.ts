import { sessionsOf } from '../../src/lab/control-plane/control-plane-state.js';
import { chanceOf } from './chance.js';
import { type Happening, plantFaults } from './faults.js';
import { type Fleet, makeFleet } from './fleet.js';
import type { Outage } from './server.js';
import { settlementOf, watchFleet } from './verdict.js';
import { openVirtualTime, replaceTimers } from './virtual-time.js';

export interface Plan {
  readonly seed: number;
  readonly nodes: number;
  readonly sessionsPerNode: number;
  /** With faults; then it is quiet for `quietHours`. */
  readonly hours: number;
  readonly quietHours: number;
  readonly lookMs: number;
  /** Between two faults of the whole fleet; undefined: nothing goes wrong but `outage`. */
  readonly faultEveryMs: number | undefined;
  /** One outage for all, from half of `hours` on. */
  readonly outage?: { readonly kind: Outage | 'power cut'; readonly minutes: number } | undefined;
}

export interface Outcome {
  readonly violations: readonly string[];
  readonly happenings: readonly Happening[];
  /** Requests to the control plane in each second. */
  readonly perSecond: readonly number[];
  readonly startMs: number;
  /** The last lines of the log of each router that is not as it should be. */
  readonly logs: readonly string[];
}

const minute = 60_000;
const hour = 60 * minute;

/** Nobody looks at the date. */
const startMs = Date.UTC(2026, 0, 1);

/** Lets a fleet live through some hours. The same plan gives the same outcome. */
export async function simulate(plan: Plan): Promise<Outcome> {
  const time = openVirtualTime(startMs);
  const restore = replaceTimers(time);
  try {
    const fleet = await makeFleet(plan, time, chanceOf(plan.seed));
    const { routers, server } = fleet;
    const watch = watchFleet(fleet);
    // A fleet is switched on node by node.
    for (const router of routers) time.after(fleet.chance.next() * minute, router.start);
    const faultsEndMs = startMs + plan.hours * hour;
    const happenings =
      plan.faultEveryMs === undefined ? [] : plantFaults(fleet, plan.faultEveryMs, faultsEndMs);
    if (plan.outage) plantOutage(fleet, plan.outage, (plan.hours * hour) / 2);
    for (let atMs = startMs; atMs < faultsEndMs + plan.quietHours * hour; atMs += minute) {
      await time.run(atMs + minute);
      watch.look();
    }
    const late = (await Promise.all(routers.map(settlementOf))).flat();
    const all = [...watch.violations, ...late, ...sizeOf(fleet)];
    const bad = routers.filter(({ spec }) => all.some((words) => words.includes(`${spec.name}: `)));
    return {
      violations: all,
      happenings,
      perSecond: Array.from(server.perSecond, (count) => count ?? 0),
      startMs,
      logs: bad.flatMap(({ log }) => log),
    };
  } finally {
    restore();
  }
}

function plantOutage(
  { time, server, routers }: Fleet,
  { kind, minutes }: NonNullable<Plan['outage']>,
  afterMs: number,
) {
  time.after(afterMs, () => {
    // All machines of a fleet start at the same time.
    if (kind === 'power cut') for (const router of routers) router.reboot();
    else server.outage = kind;
  });
  time.after(afterMs + minutes * minute, () => {
    server.outage = undefined;
  });
}

// More than twice what is usual: what came and went must leave nothing behind.
const charactersPerNode = 12_000;
const charactersPerSession = 2_500;

/** Where more is stored than the sessions that are left explain. */
function sizeOf({ routers }: Fleet): string[] {
  return routers.flatMap(({ spec, network, documents }) => {
    const rows = sessionsOf(network.state, spec.name).length;
    const stored = [...documents.values()].reduce((sum, text) => sum + text.length, 0);
    const most = charactersPerNode + rows * charactersPerSession;
    return stored > most ? [`${spec.name}: ${stored} characters are stored of ${rows} sessions`] : [];
  });
}
