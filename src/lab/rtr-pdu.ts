import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which ASN may originate a prefix and its parts down to `maxLength` (RFC 6811). */
export interface Roa {
  readonly prefix: string;
  readonly maxLength: number;
  readonly asn: number;
}

/** 0: RFC 6810. 1: RFC 8210. */
export type RtrVersion = 0 | 1;

/** What a router asks; `other` is anything that a cache does not answer. */
export interface Query {
  readonly version: number;
  readonly type: 'serial' | 'reset' | 'error' | 'other';
  readonly sessionId: number;
  readonly serial: number;
}

const headerLength = 8;
const maxQueryLength = 65_536;
const types: Readonly<Record<number, Query['type']>> = { 1: 'serial', 2: 'reset', 10: 'error' };

// Seconds; RFC 8210, section 6.
const intervals = { refresh: 3600, retry: 600, expire: 7200 };

/** Takes the first whole PDU off `bytes`; undefined until it is complete. Throws where its length makes no sense. */
export function takeQuery(bytes: Buffer): { readonly query: Query; readonly rest: Buffer } | undefined {
  if (bytes.length < headerLength) return undefined;
  const length = bytes.readUInt32BE(4);
  const type = types[bytes.readUInt8(1)] ?? 'other';
  if (length < (type === 'serial' ? 12 : headerLength) || length > maxQueryLength) {
    throw new Error(`an RTR PDU of ${length} bytes`);
  }
  if (bytes.length < length) return undefined;
  const serial = type === 'serial' ? bytes.readUInt32BE(8) : 0;
  const query = { version: bytes.readUInt8(0), type, sessionId: bytes.readUInt16BE(2), serial };
  return { query, rest: bytes.subarray(length) };
}

/** Tells a router that there is something new to ask for. */
export function serialNotify(version: RtrVersion, sessionId: number, serial: number): Buffer {
  return pdu(version, 0, sessionId, uint32(serial));
}

/** Comes before the prefixes. */
export function cacheResponse(version: RtrVersion, sessionId: number): Buffer {
  return pdu(version, 3, sessionId);
}

/** One ROA more or one less: an IPv4 Prefix or an IPv6 Prefix PDU. */
export function prefixPdu(version: RtrVersion, change: 'announce' | 'withdraw', roa: Roa): Buffer {
  const [address = '', length] = roa.prefix.split('/');
  const flags = Buffer.from([change === 'announce' ? 1 : 0, Number(length), roa.maxLength, 0]);
  const network = Buffer.from(ipaddr.parse(address).toByteArray());
  return pdu(version, isIPv4(address) ? 4 : 6, 0, flags, network, uint32(roa.asn));
}

/** Comes after the prefixes; in version 1 with the intervals at which to ask. */
export function endOfData(version: RtrVersion, sessionId: number, serial: number): Buffer {
  const { refresh, retry, expire } = intervals;
  const numbers = version === 0 ? [serial] : [serial, refresh, retry, expire];
  return pdu(version, 7, sessionId, ...numbers.map(uint32));
}

/** Tells a router to forget what it has and to ask for everything. */
export function cacheReset(version: RtrVersion): Buffer {
  return pdu(version, 8, 0);
}

/** Error 4: the router speaks a version that the cache does not. */
export function unsupportedVersion(): Buffer {
  return pdu(1, 10, 4, uint32(0), uint32(0));
}

function pdu(version: RtrVersion, type: number, field: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(version, 0);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(field, 2);
  header.writeUInt32BE(headerLength + body.length, 4);
  return Buffer.concat([header, body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
