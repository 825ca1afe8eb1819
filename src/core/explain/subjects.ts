import type { DesiredMeshPeer } from '../desired/mesh.js';
import { type DesiredSession, protocolNames } from '../desired/sessions.js';
import { baseProtocolName, ibgpProtocolName, sessionProtocolName } from '../model/names.js';
import { type SessionEntry, uuidOf } from '../model/session.js';

/** A row of the control plane's list, with what is desired of it; a session that stays without a row has only the latter. */
export interface SessionSubject {
  readonly kind: 'session';
  readonly entry: SessionEntry | undefined;
  readonly item: DesiredSession | undefined;
}

export interface MeshSubject {
  readonly kind: 'mesh';
  readonly peer: DesiredMeshPeer;
}

export type Subject = SessionSubject | MeshSubject;

/** All that `explain` can name. */
export function subjectsOf(
  entries: readonly SessionEntry[],
  sessions: readonly DesiredSession[],
  mesh: readonly DesiredMeshPeer[],
): Subject[] {
  const byUuid = new Map<string, DesiredSession>(sessions.map((item) => [item.session.uuid, item]));
  const listed = new Set<string | undefined>(entries.map(uuidOf));
  return [
    ...entries.map((entry): Subject => ({ kind: 'session', entry, item: byUuid.get(uuidOf(entry) ?? '') })),
    ...sessions
      .filter(({ session }) => !listed.has(session.uuid))
      .map((item): Subject => ({ kind: 'session', entry: undefined, item })),
    ...mesh.map((peer): Subject => ({ kind: 'mesh', peer })),
  ];
}

/**
 * Those that a word means: an interface, a uuid, a BIRD protocol or a node's name means itself; an ASN all of its sessions, a number
 * without one the node of the mesh.
 */
export function subjectsNamed(subjects: readonly Subject[], word: string): readonly Subject[] {
  const exact = subjects.filter((subject) => namesOf(subject).some((name) => name === word));
  if (exact.length > 0) return exact;
  const lower = word.toLowerCase();
  const loose = subjects.filter((subject) => looseNamesOf(subject).some((name) => name === lower));
  return loose;
}

/** The names that mean one subject. */
export function namesOf(subject: Subject): string[] {
  if (subject.kind === 'mesh') {
    const { interface: name, nodeId, name: nodeName } = subject.peer;
    return [name, ibgpProtocolName(nodeId), nodeName];
  }
  const { uuid, interface: name } = identityOf(subject);
  const protocols = subject.item ? protocolNames(subject.item) : [];
  return [uuid, name, ...protocols].flatMap((each) => each ?? []);
}

function looseNamesOf(subject: Subject): string[] {
  if (subject.kind === 'mesh') {
    const { nodeId, name } = subject.peer;
    return [String(nodeId), `mesh:${nodeId}`, `node${nodeId}`, name.toLowerCase()];
  }
  const { asn } = identityOf(subject);
  const protocols = subject.item ? protocolNames(subject.item).map(baseProtocolName) : [];
  return [...protocols, ...(asn === undefined ? [] : [`as${asn}`, String(asn), sessionProtocolName(asn)])];
}

/** What a row says of itself. */
export function identityOf({ entry, item }: SessionSubject): {
  readonly uuid: string | undefined;
  readonly asn: number | undefined;
  readonly interface: string | undefined;
} {
  const session = item?.session ?? (entry?.kind === 'session' ? entry.session : undefined);
  if (session) return session;
  if (entry?.kind === 'refused') return entry;
  if (entry?.kind === 'ignored')
    return { uuid: entry.uuid, asn: entry.peer?.asn, interface: entry.interface };
  return { uuid: undefined, asn: undefined, interface: undefined };
}

/** `AS4242421080 over dn42_4242421080 (session abc-123)`, `node 2 (de1) over dn42-wg-igp-2`. */
export function titleOf(subject: Subject): string {
  if (subject.kind === 'mesh') {
    const { nodeId, name, interface: tunnel } = subject.peer;
    return `node ${nodeId} (${name}) over ${tunnel}`;
  }
  const { uuid, asn, interface: name } = identityOf(subject);
  const who = asn === undefined ? 'a session' : `AS${asn}`;
  return `${who}${name === undefined ? '' : ` over ${name}`} (session ${uuid ?? 'without a uuid'})`;
}
