import type { PlanDocument } from '../shell/operations/plan-document.js';
import { counted } from './text.js';

/** `3 changes would be made, 1 report would be sent`, or `nothing to do`. */
export function planSummary({ changes, reports }: Pick<PlanDocument, 'changes' | 'reports'>): string {
  const parts = [
    ...(changes.length > 0 ? [`${counted(changes.length, 'change')} would be made`] : []),
    ...(reports.length > 0 ? [`${counted(reports.length, 'report')} would be sent`] : []),
  ];
  return parts.join(', ') || 'nothing to do';
}

/** Grouped by subject, in the order in which each is first touched. */
export function bySubject(changes: PlanDocument['changes']): [string, PlanDocument['changes']][] {
  const subjects = [...new Set(changes.map((change) => change.subject))];
  return subjects.map((subject) => [subject, changes.filter((change) => change.subject === subject)]);
}
