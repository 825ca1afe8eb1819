import { type ObservedBird, protocolNamed } from '../../model/observed.js';
import { type DesiredSession, protocolNames } from '../sessions.js';

/**
 * The sessions whose neighbors refuse our role (RFC 9234), to be remembered: without it such a session comes up, as it did before there
 * were roles. BIRD shows the refusal only until the next error, so that one is enough until the session has another policy, or ends.
 */
export function refusedRoles(
  sessions: readonly DesiredSession[],
  bird: ObservedBird,
  before: readonly string[],
): string[] {
  return sessions
    .filter((item) => before.includes(keyOf(item)) || isRefused(item, bird))
    .map(keyOf)
    .sort();
}

/** What a person should know of the neighbors that refuse our role, a sentence each. */
export function describeRoles(sessions: readonly DesiredSession[], refused: readonly string[]): string[] {
  return sessions
    .filter((item) => refused.includes(keyOf(item)))
    .map(
      ({ session: { asn, interface: name, policy } }) =>
        `AS${asn} on ${name}: the neighbor's BGP role (RFC 9234) does not fit our policy "${policy}", so the agent sets up the session without a role; agree with the neighbor on who is whose customer`,
    );
}

export function isRoleRefused(item: DesiredSession, refused: readonly string[]): boolean {
  return refused.includes(keyOf(item));
}

function keyOf({ session: { uuid, policy } }: DesiredSession): string {
  return `${uuid} ${policy}`;
}

function isRefused(item: DesiredSession, bird: ObservedBird): boolean {
  if (!bird.running) return false;
  const { protocols } = bird;
  return protocolNames(item).some((name) =>
    /\brole mismatch\b/i.test(protocolNamed(protocols, name)?.bgp?.lastError ?? ''),
  );
}
