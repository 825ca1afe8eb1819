import { listedStatus, type SessionEntry, uuidOf } from '../model/session.js';
import type { SessionReport } from '../model/session-report.js';
import type { SessionStatus } from '../model/session-status.js';
import { type Acknowledged, isSameStatus, isStillValid } from './acknowledged.js';
import { differenceOf, type Verdict, type Verdicts, verdictOf } from './session-verdict.js';

/**
 * The updates to post after a pass: one per session whose state differs from the control plane's list, unless the control
 * plane has acknowledged the same update and its list does not ask for a new answer. The most urgent come first: thousands
 * of malformed rows must not delay the answer for a new session.
 */
export function reportsOf(
  entries: readonly SessionEntry[],
  verdicts: Verdicts,
  acknowledged: ReadonlyMap<string, Acknowledged>,
): SessionReport[] {
  const seen = new Set<string>();
  const news = entries.flatMap((entry) => {
    const verdict = verdictOf(entry, verdicts);
    const report = reportOf(entry, verdict);
    if (!report || seen.has(report.uuid)) return [];
    seen.add(report.uuid);
    const last = acknowledged.get(report.uuid);
    if (!isNews(report, entry, last && isStillValid(last, entry) ? last : undefined)) return [];
    return [{ report, urgency: urgencyOf(entry, report, verdict) }];
  });
  return news.sort((a, b) => a.urgency - b.urgency).map(({ report }) => report);
}

/** 0 is the most urgent: somebody waits for it. Rows that cannot be used come last. */
function urgencyOf(entry: SessionEntry, { status }: SessionReport, { state }: Verdict): number {
  if (state === 'refused') return 3;
  if (status !== 'active' && status !== 'deleted') return 2;
  const isAwaited = status === 'deleted' || listedStatus(entry) === 'queued-for-setup';
  return isAwaited ? 0 : 1;
}

function reportOf(entry: SessionEntry, verdict: Verdict): SessionReport | undefined {
  const uuid = uuidOf(entry);
  const status = uuid && statusOf(entry, verdict);
  if (!status) return undefined;
  const { interface: name } = entry.kind === 'session' ? entry.session : entry;
  const error = status === 'deleted' ? undefined : verdict.reason?.slice(0, 1000);
  return { uuid, status, interface: name, error };
}

/** The verdict as a status of the control plane; undefined where there is no update to send. */
function statusOf(entry: SessionEntry, verdict: Verdict): SessionStatus | undefined {
  const difference = differenceOf(verdict);
  if (entry.kind === 'ignored')
    return entry.status === 'queued-for-delete' && !difference ? 'deleted' : undefined;
  switch (verdict.state) {
    case 'undecided':
      return undefined;
    case 'refused':
      // No update for an unreadable row while the objects of its session change.
      return entry.kind === 'refused' && difference && difference.reason === undefined ? undefined : 'error';
    case 'failed': {
      const neverRan = ['queued-for-setup', 'setup-failed'].includes(listedStatus(entry) ?? '');
      return neverRan ? 'setup-failed' : 'error';
    }
    default:
      return verdict.reason === undefined ? 'active' : 'error';
  }
}

function isNews(report: SessionReport, entry: SessionEntry, last: Acknowledged | undefined): boolean {
  // The list may show the old status for a while; `countUnapplied` decides when to send the update again.
  if (last) return !saysSame(last.report, report);
  return report.status !== listedStatus(entry) || report.error !== undefined;
}

function saysSame(a: SessionReport, b: SessionReport): boolean {
  return a.error === b.error && isSameStatus(a.status, b.status);
}
