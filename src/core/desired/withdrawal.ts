import { listSome } from '../model/list-some.js';

/** Running sessions that lists leave out, and how many lists in a row did so. */
export interface Withdrawal {
  readonly uuids: readonly string[];
  readonly polls: number;
}

/** After this many lists in a row that leave out the same sessions, the agent believes them. */
export const pollsToBelieve = 5;

const fewest = 3;

/**
 * The running sessions that a list leaves out and the agent does not believe at once: all of them, or more than a third
 * and at least three. Empty where nothing is doubtful. A session that is listed with any status is not left out.
 */
export function doubtfulWithdrawals<Id extends string>(
  listed: ReadonlySet<string>,
  running: readonly Id[],
): Id[] {
  const missing = running.filter((uuid) => !listed.has(uuid)).sort();
  const emptied = missing.length > 0 && listed.size === 0;
  const many = missing.length >= fewest && missing.length * 3 > running.length;
  return emptied || many ? missing : [];
}

/** What the agent does about a doubtful list, for people; undefined where there is none. `isStored`: it is the one on disk. */
export function describeDoubted(
  doubted: readonly string[],
  withdrawal: Withdrawal | undefined,
  isStored = false,
): string | undefined {
  if (doubted.length === 0) return undefined;
  const what = doubted.length === 1 ? '1 running session' : `${doubted.length} running sessions`;
  if (isStored)
    return `the list of sessions on the disk does not want ${what} and may be old: the agent keeps them until the control plane answers. Sessions: ${listSome(doubted, 5)}`;
  const polls = withdrawal?.polls ?? 0;
  return `the control plane's list leaves out ${what} without deleting any: the agent keeps them until ${pollsToBelieve} lists in a row leave them out (now ${polls}); to remove them now, run: moenet-agent resync --force. Sessions: ${listSome(doubted, 5)}`;
}

/** Counts one more list; undefined where nothing is doubtful. */
export function countPoll(
  before: Withdrawal | undefined,
  doubtful: readonly string[],
): Withdrawal | undefined {
  if (doubtful.length === 0) return undefined;
  const same = before !== undefined && before.uuids.join() === doubtful.join();
  return { uuids: doubtful, polls: same ? before.polls + 1 : 1 };
}

/** True where enough lists left out the same sessions. */
export function isBelieved(withdrawal: Withdrawal | undefined, doubtful: readonly string[]): boolean {
  return (
    withdrawal !== undefined &&
    withdrawal.polls >= pollsToBelieve &&
    withdrawal.uuids.join() === doubtful.join()
  );
}
