import type { Session, SessionEntry } from './model/session.js';
import type { SessionId } from './model/session-id.js';
import type { SessionStatus } from './model/session-status.js';

/** A status update of one session, in words; the control plane's dialect makes numbers of them. */
export interface SessionReport {
  readonly uuid: SessionId;
  readonly status: SessionStatus;
  readonly interface: string | undefined;
  readonly error: string | undefined;
}

/** An update that the control plane has taken, and what its list said when it was sent. */
export interface Acknowledged {
  readonly report: SessionReport;
  readonly listed: SessionStatus | undefined;
}

/** What became of the sessions in a pass. */
export interface Outcome {
  /** Why a session cannot be configured as it stands. */
  readonly refused: ReadonlyMap<string, string>;
  /** What of a session still differs from what is desired after the pass. */
  readonly unsettled: ReadonlyMap<string, string>;
  /** Sessions of which nothing is said yet: they have begun to differ during the pass, or BIRD was not there to take them. */
  readonly undecided: ReadonlySet<string>;
  /** Why the BGP of a session that is in order on this side counts as broken. */
  readonly unhealthy: ReadonlyMap<string, string>;
}

/**
 * The updates to post after a pass: one per session whose state differs from what the control plane lists, unless the
 * control plane has already taken the same update and its list has said nothing new since.
 */
export function reportsOf(
  entries: readonly SessionEntry[],
  outcome: Outcome,
  acknowledged: ReadonlyMap<string, Acknowledged>,
): SessionReport[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const report = reportOf(entry, outcome);
    if (!report || seen.has(report.uuid)) return [];
    seen.add(report.uuid);
    return isNews(report, listedStatus(entry), acknowledged.get(report.uuid)) ? [report] : [];
  });
}

/** The status that the control plane's list gives a session. */
export function listedStatus(entry: SessionEntry): SessionStatus | undefined {
  return entry.kind === 'session' ? entry.session.status : entry.status;
}

function reportOf(entry: SessionEntry, outcome: Outcome): SessionReport | undefined {
  if (entry.kind === 'session') return reportOfSession(entry.session, outcome);
  if (entry.uuid === undefined || outcome.undecided.has(entry.uuid)) return undefined;
  if (entry.kind === 'refused') return failed(entry.uuid, 'error', entry.interface, entry.reason);
  if (entry.status !== 'queued-for-delete' || outcome.unsettled.has(entry.uuid)) return undefined;
  return { uuid: entry.uuid, status: 'deleted', interface: entry.interface, error: undefined };
}

function reportOfSession(session: Session, outcome: Outcome): SessionReport | undefined {
  const { uuid, status, interface: name } = session;
  const refusal = outcome.refused.get(uuid);
  if (refusal !== undefined) return failed(uuid, 'error', name, refusal);
  const difference = outcome.unsettled.get(uuid);
  if (difference === undefined)
    return outcome.undecided.has(uuid) ? undefined : reportOfHealth(session, outcome);
  const neverRan = status === 'queued-for-setup' || status === 'setup-failed';
  return failed(uuid, neverRan ? 'setup-failed' : 'error', name, difference);
}

function reportOfHealth({ uuid, interface: name }: Session, { unhealthy }: Outcome): SessionReport {
  const error = unhealthy.get(uuid);
  if (error !== undefined) return failed(uuid, 'error', name, error);
  return { uuid, status: 'active', interface: name, error: undefined };
}

function failed(
  uuid: SessionId,
  status: SessionStatus,
  name: string | undefined,
  error: string,
): SessionReport {
  return { uuid, status, interface: name, error: error.slice(0, 1000) };
}

/** Not every dialect tells a set-up that failed from any other error. */
function saysSame(a: SessionReport, b: SessionReport): boolean {
  return a.error === b.error && (a.status === b.status || (isFailure(a) && isFailure(b)));
}

function isFailure({ status }: SessionReport): boolean {
  return status === 'error' || status === 'setup-failed';
}

function isNews(
  report: SessionReport,
  listed: SessionStatus | undefined,
  last: Acknowledged | undefined,
): boolean {
  const same = last !== undefined && saysSame(last.report, report);
  // A list that stands as it did when something else was told does not show yet that it was.
  const isBehind = last !== undefined && !same && listed === last.listed;
  const known = report.status === listed && report.error === undefined;
  if (known && !isBehind) return false;
  // The list may still show what it showed before the update, or the update itself; anything else is a new wish.
  return !same || (listed !== last.listed && listed !== report.status);
}
