import type { Change } from '../model/change.js';
import type { ReadonlyOwnerMap } from '../model/owner.js';
import { changedPath, type Plan } from '../plan/plan.js';

/** What became of one change of a pass. */
export interface Outcome {
  readonly change: Change;
  readonly isDone: boolean;
  /** Why it is not done; absent where nobody said. */
  readonly reason?: string | undefined;
}

/** What a pass tried, and what was left afterwards. */
interface Tried {
  readonly plan: Plan;
  readonly remaining: Plan;
  readonly failures: ReadonlyOwnerMap<string>;
  readonly rejected: Readonly<Record<string, string>>;
  /** True where BIRD has loaded the files of this pass, and keeps them. */
  readonly isLoaded: boolean;
}

/**
 * The changes of a pass with what became of each. What the system shows decides: a change that would be made again, or
 * waits, is not done, whatever the programs said. Only what leaves nothing to read back is judged by its owner's failure.
 */
export function outcomesOf({ plan, remaining, failures, rejected, isLoaded }: Tried): readonly Outcome[] {
  const waiting = new Map(remaining.putOff.map(({ change, reason }) => [objectOf(change), reason]));
  const left = new Set(remaining.changes.map(objectOf));
  return plan.changes.map((change): Outcome => {
    const object = objectOf(change);
    const refusal = rejected[changedPath(change) ?? ''];
    const failure = failures.get(change.owner);
    const isLeft = left.has(object) || waiting.has(object) || refusal !== undefined;
    const isFailed = change.kind === 'reload-bird' ? !isLoaded : isLeft || (isUnseen(change) && failure);
    if (!isFailed) return { change, isDone: true };
    return { change, isDone: false, reason: refusal ?? failure ?? waiting.get(object) };
  });
}

/** True for a change after which the system looks the same as before. */
function isUnseen({ kind }: Change): boolean {
  return kind === 'restart-protocol' || kind === 'resend-routes' || kind === 'free-port';
}

/** What a change acts on: two plans that have the same want the same. */
function objectOf(change: Change): string {
  switch (change.kind) {
    case 'create-key-pair':
    case 'reload-bird':
      return change.kind;
    case 'set-link':
    case 'set-loopback':
      return `${change.kind} ${change.link.interface}`;
    case 'sync-wireguard':
      return `${change.kind} ${change.tunnel.interface}`;
    case 'write-file':
    case 'remove-file':
      return `${change.kind} ${changedPath(change)}`;
    case 'create-tunnel':
    case 'remove-tunnel':
    case 'free-port':
      return `${change.kind} ${change.interface}`;
    case 'enable-protocol':
    case 'disable-protocol':
    case 'restart-protocol':
    case 'resend-routes':
      return `${change.kind} ${change.protocol}`;
    case 'add-rules':
    case 'remove-rules':
    case 'set-ports':
      return change.kind;
  }
}
