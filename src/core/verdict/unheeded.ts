import type { SessionStatus } from '../model/session-status.js';
import { type Acknowledged, isSameStatus } from './acknowledged.js';

/** An update that the control plane has taken while its list goes on as before. */
export interface Unheeded {
  readonly status: SessionStatus;
  /** Lists since it was told last. */
  readonly polls: number;
  /** How often it was told again. */
  readonly repeats: number;
}

/** An update that is due once more. */
export interface Repeat extends Unheeded {
  /** True where the session was queued again after the control plane had changed its row: that asks for a new answer. */
  readonly isQueuedAgain: boolean;
  /** Lists until the next repeat, where they go on as before. */
  readonly pausePolls: number;
}

const firstRepeatPolls = 10;
const lastRepeatPolls = 1280;

/** So many edits in a row, each within one poll of the answer before, are answered at once. */
const promptRepeats = 10;

/** The updates that were taken, by uuid, and what a list says after them. */
export interface AfterUpdates {
  readonly acknowledged: Readonly<Record<string, Acknowledged>>;
  readonly listed: ReadonlyMap<string, SessionStatus | undefined>;
  /** True where the list was asked for before the update was taken, so that it cannot show it. */
  readonly isOlder: (uuid: string) => boolean;
}

/** After one more list: what is not heeded still, and what of it is to be told again now, by uuid. */
export function countUnheeded(
  before: ReadonlyMap<string, Unheeded>,
  { acknowledged, listed, isOlder }: AfterUpdates,
): { readonly unheeded: ReadonlyMap<string, Unheeded>; readonly repeated: ReadonlyMap<string, Repeat> } {
  const unheeded = new Map<string, Unheeded>();
  const repeated = new Map<string, Repeat>();
  for (const [uuid, status] of listed) {
    const former = before.get(uuid);
    const taken = acknowledged[uuid];
    const counted = isOlder(uuid) ? former : count(former, taken, status);
    if (!counted) continue;
    const isQueued = taken !== undefined && isQueuedAgain(taken, status);
    const isDue = taken !== undefined && counted.polls >= pauseOf(counted, isQueued);
    const next = isDue ? afterRepeat(counted) : counted;
    unheeded.set(uuid, next);
    if (isDue)
      repeated.set(uuid, { ...counted, isQueuedAgain: isQueued, pausePolls: pauseOf(next, isQueued) });
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
  return now === then && !isSameStatus(now, report.status);
}

/** The control plane has changed the row to what it was told: what is queued now was queued after that. */
function isQueuedAgain({ confirmed }: Acknowledged, now: SessionStatus | undefined): boolean {
  return confirmed === true && now === 'queued-for-setup';
}

/**
 * After 10 lists, after 20 more, after 40 more, ...; where the session is queued again, first after one list each. Whoever
 * edits a session waits for the answer; a control plane that queues it without end is not answered in each minute for ever.
 */
function pauseOf({ repeats }: Unheeded, isQueued: boolean): number {
  const earlier = isQueued ? repeats - promptRepeats : repeats;
  return earlier < 0 ? 1 : Math.min(firstRepeatPolls * 2 ** earlier, lastRepeatPolls);
}

function afterRepeat({ status, repeats }: Unheeded): Unheeded {
  return { status, polls: 0, repeats: repeats + 1 };
}
