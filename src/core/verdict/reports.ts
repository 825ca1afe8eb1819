import { listedStatus, type Session, type SessionEntry } from '../model/session.js';
import type { SessionReport } from '../model/session-report.js';
import type { SessionStatus } from '../model/session-status.js';
import type { SessionId } from '../model/values/session-id.js';
import { type Acknowledged, isSameStatus, stillHolds } from './acknowledged.js';
import type { Outcome } from './outcome.js';

/**
 * The updates to post after a pass: one per session whose state differs from what the control plane lists, unless the
 * control plane has already taken the same update and its list does not ask for another answer. The most urgent come first:
 * thousands of malformed rows must not keep the owner of a new session waiting.
 */
export function reportsOf(
  entries: readonly SessionEntry[],
  outcome: Outcome,
  acknowledged: ReadonlyMap<string, Acknowledged>,
): SessionReport[] {
  const seen = new Set<string>();
  const news = entries.flatMap((entry) => {
    const report = reportOf(entry, outcome);
    if (!report || seen.has(report.uuid)) return [];
    seen.add(report.uuid);
    const last = acknowledged.get(report.uuid);
    if (!isNews(report, entry, last && stillHolds(last, entry) ? last : undefined)) return [];
    return [{ report, urgency: urgencyOf(entry, report, outcome) }];
  });
  return news.sort((a, b) => a.urgency - b.urgency).map(({ report }) => report);
}

/** 0 is the most urgent: what somebody waits for. Last comes what only says that a row cannot be used. */
function urgencyOf(entry: SessionEntry, { uuid, status }: SessionReport, { refused }: Outcome): number {
  if (entry.kind === 'refused' || refused.has(uuid)) return 3;
  if (status !== 'active' && status !== 'deleted') return 2;
  const isAwaited = status === 'deleted' || listedStatus(entry) === 'queued-for-setup';
  return isAwaited ? 0 : 1;
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

function isNews(report: SessionReport, entry: SessionEntry, last: Acknowledged | undefined): boolean {
  // The list may go on as before for a while; `countUnheeded` sees to it that it is not for ever.
  if (last) return !saysSame(last.report, report);
  return report.status !== listedStatus(entry) || report.error !== undefined;
}

function saysSame(a: SessionReport, b: SessionReport): boolean {
  return a.error === b.error && isSameStatus(a.status, b.status);
}
