import type { SessionStatus } from './model/session-status.js';
import type { Acknowledged } from './reports.js';

/** An update that the control plane has taken while its list goes on as before. */
export interface Unheeded {
  readonly status: SessionStatus;
  /** Lists since it was told last. */
  readonly polls: number;
  /** How often it was told again. */
  readonly repeats: number;
}

const firstRepeatPolls = 10;
const lastRepeatPolls = 1280;

/** After one more list, which says `listed`: what is not heeded still, and what of it is to be told again now, by uuid. */
export function countUnheeded(
  before: ReadonlyMap<string, Unheeded>,
  acknowledged: Readonly<Record<string, Acknowledged>>,
  listed: ReadonlyMap<string, SessionStatus | undefined>,
): { readonly unheeded: ReadonlyMap<string, Unheeded>; readonly repeated: ReadonlyMap<string, Unheeded> } {
  const unheeded = new Map<string, Unheeded>();
  const repeated = new Map<string, Unheeded>();
  for (const [uuid, status] of listed) {
    const former = before.get(uuid);
    const counted = count(former, acknowledged[uuid], status);
    if (counted) unheeded.set(uuid, isToRepeat(counted) ? afterRepeat(counted) : counted);
    if (counted && isToRepeat(counted)) repeated.set(uuid, counted);
  }
  return { unheeded, repeated };
}

function count(
  former: Unheeded | undefined,
  taken: Acknowledged | undefined,
  listed: SessionStatus | undefined,
): Unheeded | undefined {
  // Told again, and not taken yet.
  if (!taken) return former;
  if (!isUnheeded(taken, listed)) return undefined;
  const { status } = taken.report;
  return former?.status === status
    ? { ...former, polls: former.polls + 1 }
    : { status, polls: 1, repeats: 0 };
}

function isUnheeded({ report, listed: then }: Acknowledged, now: SessionStatus | undefined): boolean {
  return now === then && now !== report.status;
}

/** After 10 lists, after 20 more, after 40 more, ... */
function isToRepeat({ polls, repeats }: Unheeded): boolean {
  return polls >= Math.min(firstRepeatPolls * 2 ** repeats, lastRepeatPolls);
}

function afterRepeat({ status, repeats }: Unheeded): Unheeded {
  return { status, polls: 0, repeats: repeats + 1 };
}
