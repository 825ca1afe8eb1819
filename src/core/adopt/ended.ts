import type { SessionEntry } from '../model/session.js';
import type { SessionId } from '../model/values/session-id.js';
import type { FormerBgp } from './former-bgp.js';
import { type FormerBird, formerOfNeighbor, formerOfSession } from './former-bird.js';
import { formerSpelling } from './tunnel-wishes.js';

/** A session that the control plane names and that is not to be on the system, with its protocols that BIRD still has. */
export interface EndedSession {
  readonly uuid: SessionId;
  readonly former: readonly FormerBgp[];
}

/**
 * The sessions of which another configuration still has a protocol although the control plane lists their end. One that a
 * session needs that is to go on is not counted.
 */
export function endedSessions(
  entries: readonly SessionEntry[],
  former: FormerBird | undefined,
): EndedSession[] {
  const needed = new Set(
    entries.flatMap((entry) => (entry.kind === 'session' ? formerOfSession(entry.session, former) : [])),
  );
  return entries.flatMap((entry): EndedSession[] => {
    if (entry.kind !== 'ignored' || !entry.peer) return [];
    const { uuid, interface: name, peer } = entry;
    const interfaces = name === undefined ? [] : [name, formerSpelling(name) ?? name];
    const found = formerOfNeighbor({ ...peer, interfaces }, former).filter((bgp) => !needed.has(bgp));
    return found.length > 0 ? [{ uuid, former: found }] : [];
  });
}
