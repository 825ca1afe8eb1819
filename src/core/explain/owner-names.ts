import type { DesiredSession } from '../desired/sessions.js';
import { describeOwner, type Owner } from '../model/owner.js';
import { nameOfSession } from '../model/session.js';

/** Names owners for people: `session abc-123 (AS4242421080)` where the session is desired, `mesh peer 2`, `node`. */
export function ownerNames(sessions: readonly Pick<DesiredSession, 'session'>[]): (owner: Owner) => string {
  const names = new Map<string, string>(
    sessions.map(({ session }) => [session.uuid, nameOfSession(session)]),
  );
  return (owner) => (owner.kind === 'session' && names.get(owner.uuid)) || describeOwner(owner);
}
