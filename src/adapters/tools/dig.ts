import ipaddr from 'ipaddr.js';
import type { DnsQuestion } from '../../core/lookups/dns-question.js';
import type { NameServers } from './name-servers.js';
import { recordLines } from './record-lines.js';

/** Asks the name servers; the records in the form of a zone file (RFC 1035, section 5.1), or why there are none. */
export async function dig(
  nameServers: NameServers,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<string> {
  const name = question.type === 'PTR' ? reverseName(question.name) : question.name;
  const head = `; ${name} ${question.type}, asked of ${nameServers.title}`;
  try {
    const records = await nameServers.records(name, question.type, signal);
    const lines = recordLines(name, question.type, records);
    return [head, ...(lines.length > 0 ? lines : [`; there is no ${question.type} record`])].join('\n');
  } catch (error) {
    signal.throwIfAborted();
    return `${head}\n; ${explain(error, question)}`;
  }
}

/** `1.0.0.127.in-addr.arpa` of an address (RFC 1035, section 3.5; RFC 3596, section 2.5); other names as they are. */
function reverseName(name: string): string {
  if (!ipaddr.isValid(name)) return name;
  const address = ipaddr.parse(name);
  if (address.kind() === 'ipv4') return `${address.toByteArray().reverse().join('.')}.in-addr.arpa`;
  const digits = address.toByteArray().flatMap((byte) => [byte >> 4, byte & 15]);
  return `${digits
    .reverse()
    .map((digit) => digit.toString(16))
    .join('.')}.ip6.arpa`;
}

// c-ares' words, as Node passes them on (Node.js documentation, "DNS", "Error codes").
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such name (NXDOMAIN)',
  ESERVFAIL: 'the name server could not find out (SERVFAIL)',
  EREFUSED: 'the name server refuses to answer (REFUSED)',
  ETIMEOUT: 'no name server answered in time',
  ECONNREFUSED: 'no name server can be reached',
  ENOTIMP: 'the name server does not answer such questions (NOTIMP)',
};

function explain(error: unknown, { type }: DnsQuestion): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENODATA') return `there is no ${type} record`;
  return reasons[code] ?? `no answer that can be understood (${code || 'unknown'})`;
}
