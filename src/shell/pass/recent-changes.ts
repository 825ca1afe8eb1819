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

/** The last changes after one more pass. One that is still to be made afterwards has failed. */
export function withChangesOf(
  before: readonly OwnedChange[],
  { plan, remaining, failures, atSeconds }: Pick<PassResult, 'plan' | 'remaining' | 'failures' | 'atSeconds'>,
): readonly OwnedChange[] {
  if (plan.changes.length === 0) return before;
  const left = [...remaining.changes, ...remaining.putOff.map(({ change }) => change)];
  const made = plan.changes.map((change): OwnedChange => {
    const { owner, kind, why } = change;
    const isLeft = left.some((other) => other.kind === kind && sameOwner(other.owner, owner));
    const failed = isLeft ? (failures.get(owner) ?? 'the system still differs after it') : undefined;
    return {
      owner,
      atSeconds,
      change: describeChange(change),
      why,
      ...(failed === undefined ? {} : { failed }),
    };
  });
  return [...before, ...made].slice(-mostChanges);
}

/** The last changes of one owner, the newest first. */
export function changesFor(changes: readonly OwnedChange[], owner: Owner): RecentChange[] {
  return changes
    .filter((change) => sameOwner(change.owner, owner))
    .map(({ owner: _, ...change }) => change)
    .toReversed();
}
