import { sessionFile, sessionProtocolName } from '../model/names.js';
import { type Session, type SessionEntry, uuidOf } from '../model/session.js';
import type { SessionId } from '../model/values/session-id.js';
import type { Owned } from './owned.js';

/**
 * Names of sessions that stay, so that a new session of the same ASN gets another. The name of a session that the agent
 * removes is free in the same pass: its file becomes the new session's.
 */
export function protocolsInUse(
  entries: readonly SessionEntry[],
  { protocols, files }: Owned,
  doubted: readonly SessionId[],
): Set<string> {
  const ids = (some: readonly SessionEntry[]) =>
    new Set<string>(some.flatMap((entry) => uuidOf(entry) ?? []));
  const listed = ids(entries);
  const staying = ids(entries.filter(({ kind }) => kind !== 'ignored'));
  const mayBeMeant = entries.some((entry) => uuidOf(entry) === undefined);
  const stays = (uuid: string) => staying.has(uuid) || doubted.some((each) => each === uuid);
  const isInUse = ([uuid, name]: readonly [string, string]) =>
    stays(uuid) || (mayBeMeant && !listed.has(uuid)) || !files.has(sessionFile(name));
  return new Set([...protocols].filter(isInUse).map(([, name]) => name));
}

/**
 * `dn42_<asn>`; a second session of the same ASN has its interface's name behind it. A session keeps its name while its
 * ASN stays the same, because renaming a protocol resets it.
 */
export function protocolName(session: Session, owned: Owned, inUse: ReadonlySet<string>): string {
  const plain = sessionProtocolName(session.asn);
  const present = owned.protocols.get(session.uuid);
  if (present === plain || present?.startsWith(`${plain}_`)) return present;
  const suffix = session.interface.replace(/[^A-Za-z0-9]/g, '_');
  const candidates = [plain, `${plain}_${suffix}`, `${plain}_${session.listenPort}`];
  return candidates.find((candidate) => !inUse.has(candidate)) ?? `${plain}_${suffix}_${session.listenPort}`;
}
