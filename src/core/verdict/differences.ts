import type { Desired } from '../desired/desired.js';
import { fileOwner } from '../desired/owned.js';
import type { Change } from '../model/change.js';
import type { Observed } from '../model/observed.js';
import { type Owner, OwnerMap, type ReadonlyOwnerMap, sameOwner } from '../model/owner.js';
import { describeChange, type Plan } from '../plan/plan.js';
import { viewSession } from './session-view.js';
import { unreadTunnels } from './unread-tunnels.js';

/** The words of what failed on whose behalf. */
export type Failures = ReadonlyOwnerMap<string>;

/** A pass, and what reading the system again has shown. */
export interface Aftermath {
  readonly desired: Desired;
  readonly observed: Observed;
  /** The plan of the pass, and the one that would be made now. */
  readonly tried: Plan;
  readonly remaining: Plan;
  readonly failures: Failures;
  /** Files that are not tried again because BIRD refused them: path → why. */
  readonly rejected: Readonly<Record<string, string>>;
}

/** Something of a session that is not on the node as it should be. */
export interface Difference {
  /** Why; undefined where only the next pass can tell: it began during this one, or BIRD was not there to take it. */
  readonly reason: string | undefined;
}

/**
 * Session uuid → what of it still differs after a pass, also of sessions that are to go. A session without remaining changes has
 * no difference; how its BGP is doing is another matter (see `judgeSessions`).
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
    // The first reason explains those that follow from it.
    if (uuid !== undefined && found.get(uuid)?.reason === undefined) found.set(uuid, { reason });
  }
  return found;
}

interface Finding extends Difference {
  /** Undefined where it is no session's. */
  readonly uuid: string | undefined;
}

function ofUnread(look: Aftermath): Finding[] {
  return [...unreadTunnels(look)].map(([owner, reason]) => ({ uuid: sessionOf(owner), reason }));
}

/** What was tried and is left is a failure; what nobody has tried has begun to differ since. */
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

/** What is not tried again now differs still, and for the same reason as before. */
function ofPutOff({ remaining }: Aftermath): Finding[] {
  return remaining.putOff.map(({ change, reason, isBrief = false }) => ({
    uuid: sessionOf(change.owner),
    reason: isBrief ? undefined : reason,
  }));
}

/**
 * Sessions that are not gone although nothing is left to be done about them: BIRD still runs with another's configuration that
 * has one, or there is a tunnel that may be its own.
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

/** Sessions that go and whose file is still there, where the file of a newcomer is to take its place. */
function ofThoseInTheWay({ desired, observed }: Aftermath): Finding[] {
  return (desired.files ?? []).flatMap(({ path, owner }) => {
    const present = fileOwner(observed.birdFiles.get(path) ?? '');
    return present && !sameOwner(present, owner) ? [undecided(sessionOf(present))] : [];
  });
}

/** While the node itself cannot be configured. Its other problems, such as one of its iBGP, are not those of its sessions. */
function ofNode({ desired }: Aftermath): Finding[] {
  const isConfigured = desired.files !== undefined || desired.birdBlocked !== undefined;
  const [reason] = isConfigured ? [] : desired.problems;
  if (reason === undefined) return [];
  return desired.sessions.map(({ session }) => ({ uuid: session.uuid, reason }));
}

/** Sessions that run by another's files are well; those that need a file of the agent's are not there. */
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
