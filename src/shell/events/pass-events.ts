import type { Change } from '../../core/model/change.js';
import type { EventKind, Subject } from '../../core/model/events/event.js';
import { listSome } from '../../core/model/list-some.js';
import { type Owner, OwnerMap } from '../../core/model/owner.js';
import { describeChange } from '../../core/plan/plan.js';
import type { Outcome } from '../../core/verdict/outcomes.js';
import type { Told } from '../../core/verdict/up-history.js';
import type { PassResult } from '../pass/context.js';

/** One line on what became of a change: `create tunnel wg_24001 (it is missing)`, `could not create tunnel ...: the reason`. */
export function describeOutcome({ change, isDone, reason }: Outcome): string {
  const words = `${describeChange(change)} (${change.why})`;
  return isDone
    ? words
    : `could not ${words}: ${reason ?? 'the system does not show it; the next pass tries again'}`;
}

/** What a pass did, with what of it failed; `subjectOf` names the owners. */
export function changeEvents(result: PassResult, subjectOf: (owner: Owner) => Subject): readonly Told[] {
  const { putBack, outcomes } = result;
  const back: Told[] =
    putBack.length === 0
      ? []
      : [
          {
            kind: 'undo',
            level: 'info',
            text: `restored ${putBack.join(', ')} (an agent was killed before it confirmed this change of BIRD)`,
          },
        ];
  const failed = new OwnerMap<Outcome[]>();
  for (const outcome of outcomes.filter(({ isDone }) => !isDone).filter(saysMore)) {
    const { owner } = outcome.change;
    failed.set(owner, [...(failed.get(owner) ?? []), outcome]);
  }
  const made = outcomes.flatMap(({ change, isDone }) => (isDone ? [change] : []));
  return [
    ...back,
    ...made.map(
      (change): Told => ({
        ...subjectOf(change.owner),
        kind: kindOf(change),
        level: 'info',
        text: describeOutcome({ change, isDone: true }),
      }),
    ),
    ...[...failed].map(
      ([owner, all]): Told => ({
        ...subjectOf(owner),
        kind: 'failed',
        level: 'warn',
        text: describeFailed(all),
      }),
    ),
  ];
}

/** False for a load of BIRD's that only had nothing to load, because its files could not be written. */
function saysMore({ change, reason }: Outcome, _: number, failed: readonly Outcome[]): boolean {
  const isFile = ({ change: { kind } }: Outcome) => kind === 'write-file' || kind === 'remove-file';
  return change.kind !== 'reload-bird' || reason !== undefined || !failed.some(isFile);
}

/** The first failure of an owner explains the others. */
function describeFailed([first, ...others]: readonly Outcome[]): string {
  const words = first ? describeOutcome(first) : '';
  if (others.length === 0) return words;
  const names = others.map(({ change }) => describeChange(change));
  return `${words}. Not done either: ${listSome(names, 3)}`;
}

function kindOf({ kind }: Change): EventKind {
  return kind === 'reload-bird' ? 'reload' : 'change';
}

/** The kind of a fault's event: what the agent undid is more than a problem. */
export function kindOfProblem(words: string | undefined): EventKind {
  return words?.startsWith(undid) ? 'undo' : 'problem';
}

/** How the reason of a change that the agent has undone begins. */
const undid = 'the agent undid the ';
