import type { FormerPeer, SessionEntry } from '../../../core/model/session.js';
import { isKept, type SessionStatus } from '../../../core/model/session-status.js';
import { asn } from '../../../core/model/values/asn.js';
import { interfaceName } from '../../../core/model/values/interface-name.js';
import { sessionId } from '../../../core/model/values/session-id.js';
import type { Dialect } from '../dialects/dialect.js';
import { oneLine } from '../redact.js';
import { explainIssues, isRaw, kindOf, listOf, present, type Raw, rawOf, WrongShapeError } from './fields.js';
import { credentialKeys, readCredential } from './parse-credential.js';
import { neighborAddresses } from './parse-neighbor.js';
import { parseSession } from './parse-session.js';

type StatusWords = Pick<Dialect, 'name' | 'readStatus'>;

/**
 * `GET sessions`: each item becomes a session, or is ignored or refused alone, in the order they came. Takes
 * `{sessions}`, `{bgpSessions}` and a bare list; throws `WrongShapeError` where there is no list, which is no empty one.
 */
export function parseSessions(answer: unknown, statuses: StatusWords): readonly SessionEntry[] {
  return sessionList(answer).map((item) => parseEntry(item, statuses));
}

function sessionList(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return listOf(answer, 'the answer');
  const body = rawOf(answer, 'the answer');
  const key = ['sessions', 'bgpSessions'].find((name) => Object.hasOwn(body, name));
  if (key === undefined) throw new WrongShapeError('the answer has no list "sessions"');
  return listOf(body[key], key);
}

function parseEntry(item: unknown, statuses: StatusWords): SessionEntry {
  if (!isRaw(item)) return refuse({}, undefined, undefined, `the item is ${kindOf(item)}, not an object`);
  const status = readStatus(item, statuses);
  const uuid = sessionId.safeParse(textOf(item['uuid']));
  if (!uuid.success)
    return refuse(item, undefined, status, explainIssues(uuid.error, item['uuid'], ['uuid']));
  if (status === undefined) return refuse(item, uuid.data, status, unknownStatus(item, statuses));
  if (!isKept(status))
    return { kind: 'ignored', uuid: uuid.data, status, interface: interfaceOf(item), peer: peerOf(item) };
  const parsed = parseSession(item, uuid.data, status);
  return parsed.ok
    ? { kind: 'session', session: parsed.session }
    : refuse(item, uuid.data, status, parsed.reason);
}

type Refused = Extract<SessionEntry, { kind: 'refused' }>;

function refuse(item: Raw, uuid: Refused['uuid'], status: Refused['status'], reason: string): Refused {
  const number = asn.safeParse(item['asn']);
  return {
    kind: 'refused',
    uuid,
    status,
    asn: number.success ? number.data : undefined,
    interface: interfaceOf(item),
    reason,
  };
}

// Nothing is configured of it, so nothing of it has to be right: what cannot be read is left out.
function peerOf(item: Raw): FormerPeer | undefined {
  const number = asn.safeParse(item['asn']);
  if (!number.success) return undefined;
  const { ipv4, ipv6, ipv6LinkLocal } = neighborAddresses.safeParse(item).data ?? {};
  return {
    asn: number.data,
    publicKey: credentialKeys.shape.publicKey.safeParse(readCredential(item['credential']).publicKey).data,
    addresses: [ipv4, ipv6, ipv6LinkLocal].flatMap((address) => address ?? []),
  };
}

function interfaceOf(item: Raw): string | undefined {
  return interfaceName.safeParse(item['interface']).data;
}

function readStatus(item: Raw, { readStatus: word }: StatusWords): SessionStatus | undefined {
  const code = textOf(item['status']);
  return typeof code === 'string' && /^\d{1,3}$/.test(code.trim()) ? word(Number(code)) : undefined;
}

function unknownStatus(item: Raw, { name }: StatusWords): string {
  const status = present(item['status']);
  if (status === undefined) return 'status: is missing';
  const shown = typeof status === 'object' ? kindOf(status) : JSON.stringify(status).slice(0, 40);
  return oneLine(`status: ${shown} is none of the ${name} protocol`, 200);
}

// The same value is sent as a number here and as text there.
function textOf(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
