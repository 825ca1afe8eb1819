import { listSome } from '../model/list-some.js';

/** Sessions that a list leaves out although they run, and in how many lists one after another it did so. */
export interface Withdrawal {
  readonly uuids: readonly string[];
  readonly polls: number;
}

/** After so many lists that leave out the same sessions, they are believed to be gone. */
export const pollsToBelieve = 5;

const fewest = 3;

/**
 * The running sessions that a list leaves out in a way that is not believed at once: all of them, or more than a third
 * and at least three. Empty where nothing is doubtful. A session that is listed with whatever status is not left out.
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

/** What is done about a doubtful list, for people; undefined where there is none. */
export function describeDoubted(
  doubted: readonly string[],
  withdrawal: Withdrawal | undefined,
): string | undefined {
  if (doubted.length === 0) return undefined;
  const what = doubted.length === 1 ? '1 running session' : `${doubted.length} running sessions`;
  const polls = withdrawal?.polls ?? 0;
  return `the control plane's list leaves out ${what} without deleting any: they stay until ${pollsToBelieve} lists in a row say so (now ${polls}), or until 'moenet-agent resync --force': ${listSome(doubted, 5)}`;
}

/** Takes one more list into account; undefined where nothing is doubtful. */
export function countPoll(
  before: Withdrawal | undefined,
  doubtful: readonly string[],
): Withdrawal | undefined {
  if (doubtful.length === 0) return undefined;
  const same = before !== undefined && before.uuids.join() === doubtful.join();
  return { uuids: doubtful, polls: same ? before.polls + 1 : 1 };
}

/** True where the same sessions were left out often enough. */
export function isBelieved(withdrawal: Withdrawal | undefined, doubtful: readonly string[]): boolean {
  return (
    withdrawal !== undefined &&
    withdrawal.polls >= pollsToBelieve &&
    withdrawal.uuids.join() === doubtful.join()
  );
}
