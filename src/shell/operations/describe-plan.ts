import { describeOff } from '../../core/desired/disabled/say-disabled.js';
import type { DesiredSession, Refusal } from '../../core/desired/sessions.js';
import { ownerNames } from '../../core/explain/owner-names.js';
import type { Change } from '../../core/model/change.js';
import type { Observed } from '../../core/model/observed.js';
import { nameOfSession } from '../../core/model/session.js';
import { fileDiff } from '../../core/plan/file-diff.js';
import { describeChange } from '../../core/plan/plan.js';
import { lastingFaults } from '../../core/verdict/node/node-verdict.js';
import type { Prospect } from '../pass/context.js';
import type { PlanDocument, PlannedChange } from './plan-document.js';

/** What the next pass would do, for people; `diff`: with the texts of BIRD's files, before and after. */
export function describePlan(
  { plan, reports, desired, observed, node }: Prospect,
  { diff }: { readonly diff: boolean },
): PlanDocument {
  const faults = lastingFaults(node, plan);
  const nameOf = ownerNames(desired.sessions);
  return {
    changes: plan.changes.map((change) => ({
      subject: nameOf(change.owner),
      summary: describeChange(change),
      why: change.why,
      ...(diff && diffOf(change, observed)),
    })),
    reports: reports.map(({ uuid, status, error }) => ({
      subject: nameOf({ kind: 'session', uuid }),
      summary: error === undefined ? status : `${status}: ${error}`,
    })),
    problems: [
      ...desired.problems,
      ...(desired.birdBlocked === undefined ? [] : [desired.birdBlocked]),
      ...faults.filter(({ isElsewhere }) => !isElsewhere).map(({ words }) => words),
      ...desired.refusals.map(describeRefusal),
    ],
    notes: [
      ...desired.notes,
      ...desired.sessions.flatMap(describeDisabled),
      ...faults.filter(({ isElsewhere }) => isElsewhere).map(({ words }) => words),
    ],
  };
}

function diffOf(change: Change, { birdFiles }: Observed): Pick<PlannedChange, 'diff'> {
  const diff = fileDiff(change, birdFiles);
  return diff === undefined ? {} : { diff };
}

function describeDisabled(item: DesiredSession): string[] {
  const off = describeOff(item);
  return off === undefined ? [] : [`${nameOfSession(item.session)}: ${off}`];
}

function describeRefusal({ uuid, reason }: Refusal): string {
  return `session ${uuid ?? 'without a uuid'} is refused: ${reason}`;
}
