import type { Desired } from '../desired/desired.js';
import { describeOff } from '../desired/disabled/say-disabled.js';
import type { DesiredSession } from '../desired/sessions.js';
import type { Observed, ObservedWireGuardPeer } from '../model/observed.js';
import { type SessionEntry, uuidOf } from '../model/session.js';
import { judgeNode } from './node/node-health.js';
import type { Outcome } from './outcome.js';
import { nextHealth, type SessionHealth } from './session-health.js';
import { type SessionView, viewSession } from './session-view.js';

/** Session uuid → how its BGP is doing. */
export type Healths = Readonly<Record<string, SessionHealth>>;

/** What a pass has shown. */
export interface Judged {
  /** Undefined where no list was ever received. */
  readonly entries: readonly SessionEntry[] | undefined;
  readonly desired: Desired;
  readonly observed: Observed;
  readonly outcome: Outcome;
}

/**
 * Looks at the BGP of all sessions that are in order on this side. Of the others (that an operator disabled, say) there is
 * something else to be said, and of them, and of sessions whose withdrawal is doubted, is remembered what was.
 */
export function judgeSessions(before: Healths, { entries, desired, observed, outcome }: Judged): Healths {
  if (!entries) return before;
  const listed = entries.flatMap((entry) => (entry.kind === 'ignored' ? [] : (uuidOf(entry) ?? [])));
  const kept = new Set<string>([...listed, ...desired.withheld]);
  const remembered = Object.entries(before).filter(([uuid]) => kept.has(uuid));
  // What keeps every session down is no fault of a neighbor.
  const ownFault = judgeNode(desired, observed).noSessions?.words;
  const looked = desired.sessions
    .filter((item) => !isDecided(outcome, item.session.uuid) && describeOff(item) === undefined)
    .map((session) => [session.session.uuid, lookAt(session, before, observed, ownFault)] as const);
  return Object.fromEntries([...remembered, ...looked]);
}

/** What became of the sessions, with what is to be said of their BGP. */
export function withHealth(outcome: Outcome, healths: Healths, sessions: readonly DesiredSession[]): Outcome {
  const unsettled = new Map(outcome.unsettled);
  const undecided = new Set(outcome.undecided);
  const unhealthy = new Map<string, string>();
  for (const item of sessions) {
    const off = describeOff(item);
    if (off !== undefined && !isDecided(outcome, item.session.uuid)) unhealthy.set(item.session.uuid, off);
  }
  for (const [uuid, { isSetUp, error }] of Object.entries(healths)) {
    if (isDecided(outcome, uuid) || unhealthy.has(uuid)) continue;
    if (isSetUp && error !== undefined) unhealthy.set(uuid, error);
    else if (error !== undefined) unsettled.set(uuid, error);
    else if (!isSetUp) undecided.add(uuid);
  }
  return { ...outcome, unsettled, undecided, unhealthy };
}

function isDecided({ refused, unsettled, undecided }: Outcome, uuid: string): boolean {
  return refused.has(uuid) || unsettled.has(uuid) || undecided.has(uuid);
}

function lookAt(
  desired: DesiredSession,
  before: Healths,
  observed: Observed,
  ownFault: string | undefined,
): SessionHealth {
  const { uuid, status } = desired.session;
  const view = viewSession(desired, observed);
  return nextHealth(before[uuid], {
    nowSeconds: observed.nowSeconds,
    listed: status,
    birdRuns: observed.bird.running,
    isUp: view.established,
    problem: observed.bird.running ? (ownFault ?? describeDown(view)) : observed.bird.reason,
  });
}

/** `BGP is not established: Connect (Socket: Connection refused), the tunnel never had a handshake`. */
function describeDown({ protocol, peer }: SessionView): string {
  const state = protocol?.bgp?.state ?? protocol?.state ?? 'not running';
  const error = protocol?.bgp?.lastError ? ` (${protocol.bgp.lastError})` : '';
  return `BGP is not established: ${state}${error}, ${describeHandshake(peer)}`;
}

/** At which time, for how long ago would be another text each time. */
function describeHandshake(peer: ObservedWireGuardPeer | undefined): string {
  if (!peer?.latestHandshakeSeconds) return 'the tunnel never had a handshake';
  const time = new Date(peer.latestHandshakeSeconds * 1000).toISOString();
  return `last handshake at ${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
