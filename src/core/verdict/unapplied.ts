import type { SessionStatus } from '../model/session-status.js';
import { type Acknowledged, isSameStatus } from './acknowledged.js';

/** An update that the control plane acknowledged, but that its list does not show yet. */
export interface Unapplied {
  readonly status: SessionStatus;
  /** Lists since the agent last sent it. */
  readonly polls: number;
  /** How often the agent sent it again. */
  readonly repeats: number;
}

/** An update that the agent must send again. */
export interface Repeat extends Unapplied {
  /** True where the control plane changed the row and then queued the session again: it waits for a new answer. */
  readonly isQueuedAgain: boolean;
  /** Lists until the next repeat, if they stay the same. */
  readonly pausePolls: number;
}

const firstRepeatPolls = 10;
const lastRepeatPolls = 1280;

/** The agent answers this many edits in a row at once, if each comes within one poll of the last answer. */
const promptRepeats = 10;

/** The acknowledged updates, by uuid, and what a later list says. */
export interface AfterUpdates {
  readonly acknowledged: Readonly<Record<string, Acknowledged>>;
  readonly listed: ReadonlyMap<string, SessionStatus | undefined>;
  /** True where the agent asked for the list before the update was acknowledged, so that the list cannot show it. */
  readonly isOlder: (uuid: string) => boolean;
}

/** After one more list: the updates that it still does not show, and those to send again now, by uuid. */
export function countUnapplied(
  before: ReadonlyMap<string, Unapplied>,
  { acknowledged, listed, isOlder }: AfterUpdates,
): { readonly unapplied: ReadonlyMap<string, Unapplied>; readonly repeated: ReadonlyMap<string, Repeat> } {
  const unapplied = new Map<string, Unapplied>();
  const repeated = new Map<string, Repeat>();
  for (const [uuid, status] of listed) {
    const previous = before.get(uuid);
    const update = acknowledged[uuid];
    const counted = isOlder(uuid) ? previous : count(previous, update, status);
    if (!counted) continue;
    const isQueued = update !== undefined && isQueuedAgain(update, status);
    const isDue = update !== undefined && counted.polls >= pauseOf(counted, isQueued);
    const next = isDue ? afterRepeat(counted) : counted;
    unapplied.set(uuid, next);
    if (isDue)
      repeated.set(uuid, { ...counted, isQueuedAgain: isQueued, pausePolls: pauseOf(next, isQueued) });
  }
  return { unapplied, repeated };
}

function count(
  previous: Unapplied | undefined,
  update: Acknowledged | undefined,
  listed: SessionStatus | undefined,
): Unapplied | undefined {
  // Sent again, and not acknowledged yet.
  if (!update) return previous;
  if (!isUnapplied(update, listed)) return undefined;
  const { status } = update.report;
  return previous?.status === status
    ? { ...previous, polls: previous.polls + 1 }
    : { status, polls: 1, repeats: 0 };
}

function isUnapplied({ report, listed: then }: Acknowledged, now: SessionStatus | undefined): boolean {
  return now === then && !isSameStatus(now, report.status);
}

/** The control plane applied the update: if the session is queued now, it was queued after that. */
function isQueuedAgain({ confirmed }: Acknowledged, now: SessionStatus | undefined): boolean {
  return confirmed === true && now === 'queued-for-setup';
}

/**
 * After 10 lists, after 20 more, after 40 more, ...; where the session is queued again, first after one list each. A person
 * who edits a session waits for the answer; a control plane that queues it forever must not get an answer every minute.
 */
function pauseOf({ repeats }: Unapplied, isQueued: boolean): number {
  const earlier = isQueued ? repeats - promptRepeats : repeats;
  return earlier < 0 ? 1 : Math.min(firstRepeatPolls * 2 ** earlier, lastRepeatPolls);
}

function afterRepeat({ status, repeats }: Unapplied): Unapplied {
  return { status, polls: 0, repeats: repeats + 1 };
}
