import type { Tunnel } from '../model/artifacts.js';
import type { RoutedSession } from '../model/routing.js';
import { nameOfSession, type Session, type SessionEntry, uuidOf } from '../model/session.js';
import { sessionProtocols } from '../model/session-protocols.js';
import type { SessionId } from '../model/values/session-id.js';
import { describeFamilies } from './describe-families.js';
import type { NodeContext } from './node.js';
import { describeIgnored } from './options/with-options.js';
import { hasOwnTunnel, type Owned } from './owned.js';
import { protocolName, protocolsInUse } from './protocol-names.js';
import { claim, claimCarried, newClaims, whyClaimed, whySpokenClaimed } from './rules/claims.js';
import { factsOf, judgeSession, type SessionFacts } from './rules/session-rules.js';
import { sessionTunnel, whyUnreachable } from './session-tunnel.js';

/** A session that can be configured: its tunnel, and the name that its BIRD protocols have or begin with. */
export interface DesiredSession extends Omit<RoutedSession, 'latencyTier'> {
  readonly tunnel: Tunnel;
  /** The names of its BIRD protocols where the agent preserves them. */
  readonly preservedNames?: readonly string[];
}

/** A session that cannot be configured; what runs under its uuid stays unchanged, unless it is dangerous. */
export interface Refusal {
  readonly uuid: SessionId | undefined;
  readonly reason: string;
}

export interface DesiredSessions {
  readonly sessions: readonly DesiredSession[];
  readonly refusals: readonly Refusal[];
  /** Warnings about sessions that are configured anyway. */
  readonly warnings: readonly string[];
  /** Notes about them that are no fault. */
  readonly notes: readonly string[];
}

/** What is not free for a session. */
interface Reserved {
  /** The mesh's listen ports, with who has them. */
  readonly reservedPorts?: ReadonlyMap<number, string>;
  /** What of the machine no session may take. */
  readonly facts?: SessionFacts;
  /** The sessions that stay although the list leaves them out. */
  readonly doubted?: readonly SessionId[];
}

/**
 * Turns the control plane's list into tunnels and protocol names. Where two items claim the same thing, the one that
 * already runs keeps it, then the first in the list.
 */
export function desireSessions(
  entries: readonly SessionEntry[],
  { node, settings, owned }: NodeContext,
  { reservedPorts = new Map(), facts = factsOf(node), doubted = [] }: Reserved = {},
): DesiredSessions {
  const sessions: DesiredSession[] = [];
  const warnings = doubleUuids(entries);
  const refusals: Refusal[] = entries.flatMap((entry) =>
    entry.kind === 'refused' ? [{ uuid: entry.uuid, reason: entry.reason }] : [],
  );
  const refused = new Set<string>(refusals.flatMap(({ uuid }) => uuid ?? []));
  const claims = newClaims(refused, reservedPorts);
  const names = protocolsInUse(entries, owned, doubted);
  const seen = new Set<string>();
  for (const entry of entries) if (entry.kind === 'refused') claimCarried(entry, facts, claims);
  for (const session of inOrderOfClaims(entries, owned)) {
    if (seen.has(session.uuid)) continue;
    seen.add(session.uuid);
    const judgement = judgeSession(session, owned, facts);
    const shared = whySpokenClaimed(session, claims);
    const reason =
      judgement.reason ??
      whyClaimed(session, owned, claims) ??
      whyUnreachable(session, node) ??
      (hasOwnTunnel(session, owned) ? undefined : shared);
    if (reason !== undefined) {
      refusals.push({ uuid: session.uuid, reason });
      claimCarried(session, facts, claims);
      continue;
    }
    claim(session, claims);
    warnings.push(...judgement.warnings);
    if (shared !== undefined) warnings.push(`${nameOfSession(session)}: ${shared}`);
    const protocol = protocolName(session, owned, names);
    names.add(protocol);
    sessions.push({ session, tunnel: sessionTunnel(session, node, settings.keepaliveSeconds), protocol });
  }
  sessions.sort((a, b) => compareText(a.session.uuid, b.session.uuid));
  const notes = sessions.flatMap(({ session }) => [
    ...describeFamilies(session),
    ...describeIgnored(session),
  ]);
  return { sessions, refusals, warnings: warnings.sort(compareText), notes };
}

/** The control plane knows a session only by its uuid: an update for one row would change the other as well. */
function doubleUuids(entries: readonly SessionEntry[]): string[] {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const uuid of entries.flatMap((entry) => uuidOf(entry) ?? []))
    (once.has(uuid) ? twice : once).add(uuid);
  return [...twice].map(
    (uuid) =>
      `session ${uuid} is in the control plane's list more than once: the agent uses the one that runs, else the first, and ignores the others`,
  );
}

/** Running sessions first, then those with a port number of their own, then those with the default port. */
function inOrderOfClaims(entries: readonly SessionEntry[], owned: Owned): Session[] {
  const sessions = entries.flatMap((entry) => (entry.kind === 'session' ? [entry.session] : []));
  const rank = (session: Session) => {
    if (hasOwnTunnel(session, owned)) return 0;
    return session.isDefaultPort ? 2 : 1;
  };
  return sessions.toSorted((a, b) => rank(a) - rank(b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The desired names of a session's BIRD protocols. */
export function protocolNames({ session, protocol, preservedNames }: DesiredSession): readonly string[] {
  return preservedNames ?? sessionProtocols(session, protocol).map(({ name }) => name);
}
