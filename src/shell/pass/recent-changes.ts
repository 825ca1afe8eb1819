import type { RecentChange } from '../../core/explain/explanation.js';
import { type Owner, sameOwner } from '../../core/model/owner.js';
import { describeChange } from '../../core/plan/plan.js';
import type { PassResult } from './context.js';

/** A change with its owner. */
export interface OwnedChange extends RecentChange {
  readonly owner: Owner;
}

/** A node with a hundred sessions makes some six hundred changes when it is set up. */
const mostChanges = 2000;

/** The last changes after one more pass. */
export function withChangesOf(
  before: readonly OwnedChange[],
  { outcomes, atSeconds }: Pick<PassResult, 'outcomes' | 'atSeconds'>,
): readonly OwnedChange[] {
  if (outcomes.length === 0) return before;
  const made = outcomes.map(
    ({ change, isDone, reason }): OwnedChange => ({
      owner: change.owner,
      atSeconds,
      change: describeChange(change),
      why: change.why,
      ...(isDone ? {} : { failed: reason ?? 'the system still differs after it' }),
    }),
  );
  return [...before, ...made].slice(-mostChanges);
}

/** The last changes of one owner, the newest first. */
export function changesFor(changes: readonly OwnedChange[], owner: Owner): RecentChange[] {
  return changes
    .filter((change) => sameOwner(change.owner, owner))
    .map(({ owner: _, ...change }) => change)
    .toReversed();
}
