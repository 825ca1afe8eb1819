import { hashOf } from '../model/fingerprint.js';
import { listedStatus, type SessionEntry, uuidOf } from '../model/session.js';
import type { SessionReport } from '../model/session-report.js';
import type { SessionStatus } from '../model/session-status.js';
import type { SessionId } from '../model/values/session-id.js';

/** An update that the control plane has acknowledged, and what its list said then. */
export interface Acknowledged {
  readonly report: SessionReport;
  /** The status in the list when the update was sent; the update's own once a list has shown it. */
  readonly listed: SessionStatus | undefined;
  /** `contentOf` the row that the update answers; absent if an older agent wrote this. */
  readonly content?: string;
  /** True where the control plane has changed the row: it said so, or its lists show earlier updates. */
  readonly confirmed?: boolean;
}

/**
 * False where the list asks for a new answer: it shows a status that is neither the old one nor the update's, or it queues
 * the session for setup with other content. An edit puts a session back to 4 with the same uuid, and each 4 needs an answer.
 */
export function isStillValid(acknowledged: Acknowledged, entry: SessionEntry): boolean {
  const { report, listed, content } = acknowledged;
  const status = listedStatus(entry);
  if (status !== listed && !isSameStatus(status, report.status)) return false;
  return status !== 'queued-for-setup' || content === undefined || content === contentOf(entry);
}

/**
 * The acknowledgements that are still valid after one more list, and the sessions that need a new answer; by uuid. `isOlder`: the list was
 * asked for before the update was accepted. Such a list may show what was before it, and decides nothing: the next one does.
 */
export function afterList(
  before: Readonly<Record<string, Acknowledged>>,
  rows: ReadonlyMap<string, SessionEntry>,
  isOlder: (uuid: string) => boolean = () => false,
): { readonly acknowledged: Readonly<Record<string, Acknowledged>>; readonly asked: readonly SessionId[] } {
  const acknowledged: [string, Acknowledged][] = [];
  const asked: SessionId[] = [];
  for (const [uuid, each] of Object.entries(before)) {
    const row = rows.get(uuid);
    const id = row && uuidOf(row);
    if (isOlder(uuid)) acknowledged.push([uuid, each]);
    else if (row && isStillValid(each, row)) acknowledged.push([uuid, noteShown(each, listedStatus(row))]);
    else if (id !== undefined) asked.push(id);
  }
  return { acknowledged: Object.fromEntries(acknowledged), asked };
}

/** True where this list shows the update, and the list before the update did not. */
export function isShown({ report, listed }: Acknowledged, now: SessionStatus | undefined): boolean {
  return isSameStatus(now, report.status) && !isSameStatus(listed, report.status);
}

function noteShown(each: Acknowledged, status: SessionStatus | undefined): Acknowledged {
  return isSameStatus(status, each.report.status) ? { ...each, listed: status } : each;
}

/** A short text that differs where anything but the status of a row differs. */
export function contentOf(entry: SessionEntry): string {
  if (entry.kind !== 'session') return hashOf([JSON.stringify({ ...entry, status: undefined })]);
  const { session } = entry;
  // As JSON, all secrets look the same.
  const secrets = [session.presharedKey, session.options?.password];
  return hashOf([
    JSON.stringify({ ...session, status: undefined }),
    secrets[0]?.reveal() ?? '',
    ...(secrets[1] ? [secrets[1].reveal()] : []),
  ]);
}

/** Some dialects do not distinguish a failed set-up from other errors. */
export function isSameStatus(a: SessionStatus | undefined, b: SessionStatus | undefined): boolean {
  return a === b || (isFailure(a) && isFailure(b));
}

function isFailure(status: SessionStatus | undefined): boolean {
  return status === 'error' || status === 'setup-failed';
}
