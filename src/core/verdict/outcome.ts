import type { Desired } from '../desired/desired.js';
import { fileOwner } from '../desired/holdings.js';
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

/**
 * What became of each session in a pass. One with nothing left to do is settled, whatever was or was not done for it; one
 * that only differs since the pass began is undecided until the next. What BIRD has to say of it is another matter: see
 * `judgeSessions`.
 */
export function outcomeOf(aftermath: Aftermath): Outcome {
  const unsettled = new Map<string, string>();
  const undecided = new Set<string>();
  const add = (uuid: string | undefined, reason: string) => {
    if (uuid !== undefined && !unsettled.has(uuid)) unsettled.set(uuid, reason);
  };
  for (const [owner, reason] of unreadTunnels(aftermath)) add(uuidOf(owner), reason);
  noteRemaining(aftermath, add, undecided);
  noteWaiting(aftermath, add, undecided);
  for (const uuid of [...lingering(aftermath), ...inTheWay(aftermath)]) undecided.add(uuid);
  const { desired, observed } = aftermath;
  // Other problems of the node, such as one of its iBGP, are not those of its sessions.
  const isConfigured = desired.files !== undefined || desired.hold !== undefined;
  const nodeProblem = isConfigured ? undefined : desired.problems[0];
  if (nodeProblem !== undefined) for (const { session } of desired.sessions) add(session.uuid, nodeProblem);
  // Sessions that run by another's files are well; those that need a file of the agent's are not there.
  if (desired.hold !== undefined)
    for (const item of desired.sessions)
      if (!viewSession(item, observed).protocol) add(item.session.uuid, desired.hold);
  const refused = desired.refusals.flatMap(({ uuid, reason }) => (uuid ? [[uuid, reason] as const] : []));
  return { refused: new Map(refused), unsettled, undecided, unhealthy: new Map() };
}

type Add = (uuid: string | undefined, reason: string) => void;

function noteRemaining({ tried, remaining, failures }: Aftermath, add: Add, undecided: Set<string>): void {
  const attempted = new OwnerMap(tried.changes.flatMap(affected).map((owner) => [owner, true]));
  for (const change of remaining.changes) {
    for (const owner of affected(change)) {
      const reason = failures.get(owner) ?? `could not ${describeChange(change)}: ${change.why}`;
      if (attempted.has(owner)) add(uuidOf(owner), reason);
      else undecided.add(uuidOf(owner) ?? '');
    }
  }
}

/**
 * Sessions that are not gone although nothing is left to be done about them: BIRD still runs with another's configuration that
 * has one, or there is a tunnel that may be its own.
 */
function lingering({ desired, remaining, rejected }: Aftermath): string[] {
  const { ended, doubtful } = desired.former;
  const waits =
    desired.hold !== undefined || remaining.changes.length > 0 || Object.keys(rejected).length > 0;
  const inDoubt = doubtful.flatMap(({ owner, adoptable }) =>
    adoptable && owner?.kind === 'session' ? [owner.uuid] : [],
  );
  return [...(waits ? ended : []), ...inDoubt];
}

/** Sessions that go and whose file is still there, where the file of a newcomer is to take its place. */
function inTheWay({ desired, observed }: Aftermath): string[] {
  return (desired.files ?? []).flatMap(({ path, owner }) => {
    const present = fileOwner(observed.birdFiles.get(path) ?? '');
    return present?.kind === 'session' && !sameOwner(present, owner) ? [present.uuid] : [];
  });
}

/** What is not tried again now differs still, and for the same reason as before. */
function noteWaiting({ desired, remaining, rejected }: Aftermath, add: Add, undecided: Set<string>): void {
  for (const [path, reason] of Object.entries(rejected)) {
    const owner = desired.files?.find((file) => file.path === path)?.owner;
    if (owner?.kind === 'session') add(owner.uuid, reason);
  }
  for (const { change, reason, isBrief = false } of remaining.putOff) {
    const uuid = uuidOf(change.owner);
    if (isBrief) undecided.add(uuid ?? '');
    else add(uuid, reason);
  }
}

function affected(change: Change): Owner[] {
  return change.kind === 'reload-bird' ? change.missing.map(({ owner }) => owner) : [change.owner];
}

function uuidOf(owner: Owner): string | undefined {
  return owner.kind === 'session' ? owner.uuid : undefined;
}

/** What became of the sessions in a pass. */
export interface Outcome {
  /** Why a session cannot be configured as it stands. */
  readonly refused: ReadonlyMap<string, string>;
  /** What of a session still differs from what is desired after the pass. */
  readonly unsettled: ReadonlyMap<string, string>;
  /** Sessions of which nothing is said yet: they have begun to differ during the pass, or BIRD was not there to take them. */
  readonly undecided: ReadonlySet<string>;
  /** Why the BGP of a session that is in order on this side counts as broken. */
  readonly unhealthy: ReadonlyMap<string, string>;
}
