import type { EndedPeer, SessionEntry } from '../../../core/model/session.js';
import { isConfigured, type SessionStatus } from '../../../core/model/session-status.js';
import { asn } from '../../../core/model/values/asn.js';
import { interfaceName } from '../../../core/model/values/interface-name.js';
import { sessionId } from '../../../core/model/values/session-id.js';
import type { Dialect } from '../dialects/dialect.js';
import { oneLine } from '../redact.js';
import { explainIssues, optional, rowOf } from './fields.js';
import { isRaw, kindOf, listOf, present, rawOf, WrongShapeError } from './json.js';
import { credentialKeys, readCredential } from './parse-credential.js';
import { neighborAddresses } from './parse-neighbor.js';
import { parseSession, type Row, rowKeys } from './parse-session.js';
import { compare, list, type Note, unheard } from './promised.js';

type StatusWords = Pick<Dialect, 'name' | 'readStatus'>;

/** Under either name, or the list alone. */
const answerKeys = { sessions: optional(list()), bgpSessions: optional(list()) };

/**
 * `GET sessions`: each item becomes a session, or is ignored or refused alone, in the order they came. Takes
 * `{sessions}`, `{bgpSessions}` and a bare list; throws `WrongShapeError` where there is no list, which is no empty one.
 */
export function parseSessions(answer: unknown, statuses: StatusWords): readonly SessionEntry[] {
  const last = lastEntries.get(statuses);
  const entries = new Map<string, SessionEntry>();
  lastEntries.set(statuses, entries);
  return sessionList(answer).map((item) => {
    const text = JSON.stringify(item);
    const entry = entries.get(text) ?? last?.get(text) ?? parseEntry(item, statuses);
    entries.set(text, entry);
    return entry;
  });
}

/** By the text of the row: most rows of a list are as in the list before, and then so is the object that each becomes. */
const lastEntries = new WeakMap<StatusWords, ReadonlyMap<string, SessionEntry>>();

/**
 * Notes what of the same answer is not as promised. It is apart from the reading, which takes rows that were completed
 * (`rememberCredentials`), and reads of some rows a few keys only.
 */
export function compareSessions(answer: unknown, note: Note): void {
  for (const item of sessionList(answer, note)) {
    compare(item, rowKeys, '', note);
    if (isRaw(item)) readCredential(item['credential'], note);
  }
}

function sessionList(answer: unknown, note: Note = unheard): readonly unknown[] {
  if (Array.isArray(answer)) return listOf(answer, 'the answer');
  const body = rowOf(rawOf(answer, 'the answer'), answerKeys, '', note);
  const key = (['sessions', 'bgpSessions'] as const).find((name) => Object.hasOwn(body, name));
  if (key === undefined) throw new WrongShapeError('the answer has no list "sessions"');
  return listOf(body[key], key);
}

function parseEntry(item: unknown, statuses: StatusWords): SessionEntry {
  if (!isRaw(item)) return refuse({}, undefined, undefined, `the item is ${kindOf(item)}, not an object`);
  const row = rowOf(item, rowKeys);
  const status = readStatus(row, statuses);
  const uuid = sessionId.safeParse(textOf(row.uuid));
  if (!uuid.success) return refuse(row, undefined, status, explainIssues(uuid.error, row.uuid, ['uuid']));
  if (status === undefined) return refuse(row, uuid.data, status, unknownStatus(row, statuses));
  if (!isConfigured(status))
    return { kind: 'ignored', uuid: uuid.data, status, interface: interfaceOf(row), peer: peerOf(row) };
  const parsed = parseSession(row, uuid.data, status);
  return parsed.ok
    ? { kind: 'session', session: parsed.session }
    : refuse(row, uuid.data, status, parsed.reason);
}

type Refused = Extract<SessionEntry, { kind: 'refused' }>;

function refuse(
  row: Partial<Row>,
  uuid: Refused['uuid'],
  status: Refused['status'],
  reason: string,
): Refused {
  const number = asn.safeParse(row.asn);
  return {
    kind: 'refused',
    uuid,
    status,
    asn: number.success ? number.data : undefined,
    interface: interfaceOf(row),
    reason,
  };
}

// Nothing is configured of it, so nothing of it has to be right: what cannot be read is left out.
function peerOf(row: Row): EndedPeer | undefined {
  const number = asn.safeParse(row.asn);
  if (!number.success) return undefined;
  const { ipv4, ipv6, ipv6LinkLocal } = neighborAddresses.safeParse(row).data ?? {};
  return {
    asn: number.data,
    publicKey: credentialKeys.shape.publicKey.safeParse(readCredential(row.credential).publicKey).data,
    addresses: [ipv4, ipv6, ipv6LinkLocal].flatMap((address) => address ?? []),
  };
}

function interfaceOf(row: Partial<Row>): string | undefined {
  return interfaceName.safeParse(row.interface).data;
}

function readStatus(row: Row, { readStatus: word }: StatusWords): SessionStatus | undefined {
  const code = textOf(row.status);
  return typeof code === 'string' && /^\d{1,3}$/.test(code.trim()) ? word(Number(code)) : undefined;
}

function unknownStatus(row: Row, { name }: StatusWords): string {
  const status = present(row.status);
  if (status === undefined) return 'status: is missing';
  const shown = typeof status === 'object' ? kindOf(status) : JSON.stringify(status).slice(0, 40);
  return oneLine(`status: ${shown} is none of the ${name} protocol`, 200);
}

// The same value is sent as a number here and as text there.
function textOf(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
