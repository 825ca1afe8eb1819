import type { DesiredMeshPeer } from '../../core/desired/mesh.js';
import { plainSubject, type Subject, sessionSubject } from '../../core/model/events/event.js';
import { formatMark, type Owner } from '../../core/model/owner.js';
import { type SessionEntry, uuidOf } from '../../core/model/session.js';
import type { PassResult } from '../pass/context.js';

export function meshSubject({
  nodeId,
  interface: tunnel,
  name,
}: Partial<DesiredMeshPeer> & Pick<DesiredMeshPeer, 'nodeId'>): Subject {
  return { mesh: { nodeId, interface: tunnel, name: name || undefined } };
}

/** The session of a row, as far as the row names it. */
export function entrySubject(entry: SessionEntry): Subject {
  if (entry.kind === 'session') return sessionSubject(entry.session);
  const asn = entry.kind === 'refused' ? entry.asn : entry.peer?.asn;
  return { session: { uuid: uuidOf(entry) ?? '(none)', asn, interface: entry.interface } };
}

/**
 * Names the owners of what a pass did: by the list, by what the pass wanted, and for those that went by the pass before.
 */
export function subjectsOf(
  result: Pick<PassResult, 'desired'>,
  former: Pick<PassResult, 'desired'> | undefined,
  entries: readonly SessionEntry[] = [],
): (owner: Owner) => Subject {
  const known = new Map<string, Subject>();
  const note = (owner: Owner, subject: Subject) => known.set(formatMark(owner), subject);
  for (const { desired } of former ? [former, result] : [result]) {
    for (const peer of desired.mesh) note({ kind: 'mesh', nodeId: peer.nodeId }, meshSubject(peer));
    for (const { session } of desired.sessions)
      note({ kind: 'session', uuid: session.uuid }, sessionSubject(session));
  }
  for (const entry of entries) {
    const uuid = uuidOf(entry);
    const isBetterKnown =
      entry.kind !== 'session' && uuid && known.has(formatMark({ kind: 'session', uuid }));
    if (uuid && !isBetterKnown) note({ kind: 'session', uuid }, entrySubject(entry));
  }
  return (owner) => known.get(formatMark(owner)) ?? plainSubject(owner);
}
