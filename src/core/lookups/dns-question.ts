import { parseIp } from '../model/values/ip.js';
import { TargetError } from './target.js';

export const recordTypes = [
  'A',
  'AAAA',
  'ANY',
  'CAA',
  'CNAME',
  'MX',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] as const;

export type RecordType = (typeof recordTypes)[number];

/** One question to a name server. `name` is a domain without the final dot, or an address to look up in reverse. */
export interface DnsQuestion {
  readonly name: string;
  readonly type: RecordType;
}

// Labels as they are delegated: also with "_" (SRV), and with "/" (RFC 2317, which DN42's reverse zones follow).
const domain = /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_/-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_/-]{0,62})*$/;

/** `<domain> [type]`, A where no type is named, PTR for an address. Throws `TargetError`. */
export function parseDnsQuestion(text: string): DnsQuestion {
  const [name = '', type, ...rest] = text.trim().split(/\s+/);
  if (rest.length > 0) throw new TargetError('give one domain and at most one type');
  const address = name.includes('/') ? undefined : parseIp(name);
  const wanted = parseType(type ?? (address === undefined ? 'A' : 'PTR'));
  if (address !== undefined) {
    if (wanted !== 'PTR') throw new TargetError(`an address has only a PTR record, not ${wanted}`);
    return { name: address, type: wanted };
  }
  const plain = name.replace(/\.$/, '');
  if (!domain.test(plain)) throw new TargetError(`${JSON.stringify(name.slice(0, 80))} is not a domain name`);
  return { name: plain.toLowerCase(), type: wanted };
}

function parseType(text: string): RecordType {
  const type = recordTypes.find((known) => known === text.toUpperCase());
  if (!type)
    throw new TargetError(
      `${JSON.stringify(text.slice(0, 20))} is not a record type: use one of ${recordTypes.join(', ')}`,
    );
  return type;
}
