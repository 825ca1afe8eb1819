import type { Desired } from '../desired/desired.js';
import { fileOwner } from '../desired/owned.js';
import type { Change } from '../model/change.js';
import type { Observed } from '../model/observed.js';
import { type Owner, OwnerMap, type ReadonlyOwnerMap, sameOwner } from '../model/owner.js';
import type { LimitHits } from '../plan/limit-hits.js';
import { describeChange, type Plan } from '../plan/plan.js';
import { viewSession } from './session-view.js';
import { unreadTunnels } from './unread-tunnels.js';

/** Owner → what failed for it, in words. */
export type Failures = ReadonlyOwnerMap<string>;

/** A pass, and what the system shows after it. */
export interface Aftermath {
  readonly desired: Desired;
  readonly observed: Observed;
  /** The plan of the pass, and the one that would be made now. */
  readonly tried: Plan;
  readonly remaining: Plan;
  readonly failures: Failures;
  /** Files that the agent does not try again because BIRD refused them: path → why. */
  readonly rejected: Readonly<Record<string, string>>;
  /** Route limits that blocked routes. */
  readonly limitHits: LimitHits;
}

/** Something of a session that differs from what is desired. */
export interface Difference {
  /** Why; undefined where only the next pass can tell: it began during this one, or BIRD did not run. */
  readonly reason: string | undefined;
}

/**
 * Session uuid → what of it still differs after a pass, also of sessions that the agent removes. A session without remaining
 * changes has no difference; the state of its BGP does not count here (see `judgeSessions`).
 */
export function differencesOf(aftermath: Aftermath): ReadonlyMap<string, Difference> {
  const found = new Map<string, Difference>();
  const all = [
    ...ofUnread(aftermath),
    ...ofRemaining(aftermath),
    ...ofRejected(aftermath),
    ...ofPutOff(aftermath),
    ...ofLingering(aftermath),
    ...ofThoseInTheWay(aftermath),
    ...ofNode(aftermath),
    ...ofBlockedBird(aftermath),
  ];
  for (const { uuid, reason } of all) {
    // The first reason is the cause of the others.
    if (uuid !== undefined && found.get(uuid)?.reason === undefined) found.set(uuid, { reason });
  }
  return found;
}

interface Finding extends Difference {
  /** Undefined where it belongs to no session. */
  readonly uuid: string | undefined;
}

function ofUnread(look: Aftermath): Finding[] {
  return [...unreadTunnels(look)].map(([owner, reason]) => ({ uuid: sessionOf(owner), reason }));
}

/** A change that was tried and is still left has failed; one that was not tried began to differ since. */
function ofRemaining({ tried, remaining, failures }: Aftermath): Finding[] {
  const attempted = new OwnerMap(tried.changes.flatMap(ownersOf).map((owner) => [owner, true]));
  return remaining.changes.flatMap((change) =>
    ownersOf(change).map((owner) => {
      const reason = failures.get(owner) ?? `could not ${describeChange(change)}: ${change.why}`;
      return { uuid: sessionOf(owner), reason: attempted.has(owner) ? reason : undefined };
    }),
  );
}

function ownersOf(change: Change): readonly Owner[] {
  return change.kind === 'reload-bird' ? change.missing.map(({ owner }) => owner) : [change.owner];
}

function ofRejected({ desired, rejected }: Aftermath): Finding[] {
  return Object.entries(rejected).map(([path, reason]) => ({
    uuid: sessionOf(desired.files?.find((file) => file.path === path)?.owner),
    reason,
  }));
}

/** A change that waits still differs, for the same reason as before. */
function ofPutOff({ remaining }: Aftermath): Finding[] {
  return remaining.putOff.map(({ change, reason, isBrief = false }) => ({
    uuid: sessionOf(change.owner),
    reason: isBrief ? undefined : reason,
  }));
}

/**
 * Sessions that still exist although no change is left for them: BIRD still runs another configuration that has one, or
 * there is a tunnel that may be its own.
 */
function ofLingering({ desired, remaining, rejected }: Aftermath): Finding[] {
  const { ended, doubtful } = desired.previousAgent;
  const waits =
    desired.birdBlocked !== undefined || remaining.changes.length > 0 || Object.keys(rejected).length > 0;
  return [
    ...(waits ? ended : []),
    ...doubtful.filter(({ adoptable }) => adoptable).map(({ owner }) => sessionOf(owner)),
  ].map(undecided);
}

/** Sessions that the agent removes, but whose file is still in the place of another session's new file. */
function ofThoseInTheWay({ desired, observed }: Aftermath): Finding[] {
  return (desired.files ?? []).flatMap(({ path, owner }) => {
    const present = fileOwner(observed.birdFiles.get(path) ?? '');
    return present && !sameOwner(present, owner) ? [undecided(sessionOf(present))] : [];
  });
}

/** All sessions, while the node itself cannot be configured. Its other problems, such as its iBGP, do not affect sessions. */
function ofNode({ desired }: Aftermath): Finding[] {
  const isConfigured = desired.files !== undefined || desired.birdBlocked !== undefined;
  const [reason] = isConfigured ? [] : desired.problems;
  if (reason === undefined) return [];
  return desired.sessions.map(({ session }) => ({ uuid: session.uuid, reason }));
}

/** Sessions that run from other files are in order; those that need a file of the agent's are missing. */
function ofBlockedBird({ desired, observed }: Aftermath): Finding[] {
  const { birdBlocked, sessions } = desired;
  if (birdBlocked === undefined) return [];
  return sessions
    .filter((item) => !viewSession(item, observed).protocol)
    .map(({ session }) => ({ uuid: session.uuid, reason: birdBlocked }));
}

function undecided(uuid: string | undefined): Finding {
  return { uuid, reason: undefined };
}

function sessionOf(owner: Owner | undefined): string | undefined {
  return owner?.kind === 'session' ? owner.uuid : undefined;
}
