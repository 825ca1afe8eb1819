import { z } from 'zod';
import type { RecordType } from '../../core/lookups/dns-question.js';

/**
 * Node's records as lines of a zone file. What a server says is anybody's text: control characters and quotes are
 * escaped as zone files do (`\DDD`, RFC 1035, section 5.1). Records of another form than Node documents are left out.
 */
export function recordLines(name: string, type: RecordType, records: unknown): string[] {
  const list = Array.isArray(records) && !isTextRecord(type, records) ? records : [records];
  return list.flatMap((record) => {
    const own = type === 'ANY' ? anyType(record) : type;
    const written = own && write(own, record);
    return written === undefined ? [] : [`${name}. ${written}`];
  });
}

/** A TXT answer is a list of lists of strings, so a list as it should be. */
function isTextRecord(type: RecordType, records: readonly unknown[]): boolean {
  return type === 'TXT' && typeof records[0] === 'string';
}

function anyType(record: unknown): Exclude<RecordType, 'ANY'> | undefined {
  const parsed = z.object({
    type: z.enum(['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']),
  });
  return parsed.safeParse(record).data?.type;
}

const address = z.object({ address: z.string(), ttl: z.number() });
const named = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]);
const text = z.union([
  z.array(z.string()),
  z.object({ entries: z.array(z.string()) }).transform(({ entries }) => entries),
]);
const mx = z.object({ priority: z.number(), exchange: z.string() });
const srv = z.object({ priority: z.number(), weight: z.number(), port: z.number(), name: z.string() });
const caa = z.record(z.string(), z.union([z.string(), z.number()]));
const soa = z.object({
  nsname: z.string(),
  hostmaster: z.string(),
  serial: z.number(),
  refresh: z.number(),
  retry: z.number(),
  expire: z.number(),
  minttl: z.number(),
});

type Written = string | undefined;

const writers: Readonly<Record<Exclude<RecordType, 'ANY'>, (record: unknown) => Written>> = {
  A: (record) => addressLine('A', record),
  AAAA: (record) => addressLine('AAAA', record),
  CNAME: (record) => nameLine('CNAME', record),
  NS: (record) => nameLine('NS', record),
  PTR: (record) => nameLine('PTR', record),
  MX: (record) => {
    const { data } = mx.safeParse(record);
    return data && `IN MX ${data.priority} ${safe(data.exchange)}.`;
  },
  SRV: (record) => {
    const { data } = srv.safeParse(record);
    return data && `IN SRV ${data.priority} ${data.weight} ${data.port} ${safe(data.name)}.`;
  },
  SOA: (record) => {
    const { data } = soa.safeParse(record);
    const times = data && [data.serial, data.refresh, data.retry, data.expire, data.minttl].join(' ');
    return data && `IN SOA ${safe(data.nsname)}. ${safe(data.hostmaster)}. ${times}`;
  },
  TXT: (record) => {
    const { data } = text.safeParse(record);
    return data && `IN TXT ${data.map((part) => `"${safe(part)}"`).join(' ')}`;
  },
  CAA: (record) => {
    const { critical = 0, type: _, ...tags } = caa.safeParse(record).data ?? {};
    const [tag] = Object.entries(tags);
    return tag && `IN CAA ${critical} ${safe(tag[0])} "${safe(String(tag[1]))}"`;
  },
};

function write(type: Exclude<RecordType, 'ANY'>, record: unknown): Written {
  return writers[type](record);
}

function addressLine(type: 'A' | 'AAAA', record: unknown): Written {
  const { data } = address.safeParse(record);
  return data && `${data.ttl} IN ${type} ${safe(data.address)}`;
}

function nameLine(type: string, record: unknown): Written {
  const { data } = named.safeParse(record);
  return data === undefined ? undefined : `IN ${type} ${safe(data)}.`;
}

function safe(value: string): string {
  return value.replace(/["\\]/g, '\\$&').replace(/\p{C}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\${String(code).padStart(3, '0')}`;
  });
}
