import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { remembering } from './remembering.js';

/** An address in its canonical text (RFC 5952 for IPv6), without prefix length or zone. */
export type Ipv4 = string & z.$brand<'Ipv4'>;
export type Ipv6 = string & z.$brand<'Ipv6'>;
export type IpAddress = Ipv4 | Ipv6;

/** An address block in canonical text, host bits zero, such as `172.20.0.0/14`. */
export type Prefix = string & z.$brand<'Prefix'>;

/** The canonical IPv4 address in `text`, or undefined. A prefix length behind it is dropped. */
export function parseIpv4(text: string): Ipv4 | undefined {
  const address = text.trim().replace(/\/\d{1,2}$/, '');
  // The library rejects by way of an exception, which takes a hundred times as long.
  return fourNumbers.test(address) && ipaddr.IPv4.isValid(address) ? (address as Ipv4) : undefined;
}

const fourNumbers = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

/** The canonical IPv6 address in `text`, or undefined. A prefix length behind it is dropped; a zone is refused. */
export function parseIpv6(text: string): Ipv6 | undefined {
  const address = text.trim().replace(/\/\d{1,3}$/, '');
  if (address.includes('%') || !address.includes(':')) return undefined;
  return (address.length > longestIpv6 ? readIpv6(address) : knownIpv6(address)).address;
}

/** Each pass reads the same few thousand. Longer texts with zeros in front are possible, but nobody writes them again and again. */
const longestIpv6 = 45;
const knownIpv6 = remembering(readIpv6, 10_000);

function readIpv6(text: string): { readonly address: Ipv6 | undefined } {
  try {
    return { address: ipaddr.IPv6.parse(text).toRFC5952String() as Ipv6 };
  } catch {
    return { address: undefined };
  }
}

/** The canonical address of either family in `text`, or undefined. */
export function parseIp(text: string): IpAddress | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** The address as the library has it. */
export const parsedIp = remembering(
  (address: IpAddress) => (address.includes(':') ? ipaddr.IPv6.parse(address) : ipaddr.IPv4.parse(address)),
  10_000,
);

/** True for fe80::/10 (RFC 4291, section 2.5.6). */
export function isLinkLocal(address: IpAddress): boolean {
  return parsedIp(address).range() === 'linkLocal';
}

/** The same for any text. */
export function isLinkLocalText(text: string): boolean {
  const address = parseIp(text);
  return address !== undefined && isLinkLocal(address);
}

/** True where BGP with the address is possible: not unspecified, loopback, multicast or broadcast. */
export function isUnicast(address: IpAddress): boolean {
  return !['unspecified', 'loopback', 'multicast', 'broadcast'].includes(parsedIp(address).range());
}

/** The other end of the /31 (RFC 3021) or /127 (RFC 6164) that the address is in: the address with its last bit inverted. */
export function otherEnd<T extends IpAddress>(address: T): T {
  const bytes = parsedIp(address).toByteArray();
  const end = ipaddr.fromByteArray(
    bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)),
  );
  return (end instanceof ipaddr.IPv6 ? end.toRFC5952String() : end.toString()) as T;
}

/** The canonical prefix in `text` (host bits cleared), or undefined. */
export function parsePrefix(text: string): Prefix | undefined {
  return text.length > longestPrefix ? readPrefix(text) : knownPrefix(text).prefix;
}

const longestPrefix = longestIpv6 + '/128'.length;
const knownPrefix = remembering((text: string) => ({ prefix: readPrefix(text) }), 10_000);

function readPrefix(text: string): Prefix | undefined {
  const [address = '', length = '', ...rest] = text.trim().split('/');
  const ip = parseIp(address);
  if (ip === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const family = ip.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4;
  if (Number(length) > (ip.includes(':') ? 128 : 32)) return undefined;
  const network = family.networkAddressFromCIDR(`${ip}/${length}`);
  const canonical = network instanceof ipaddr.IPv6 ? network.toRFC5952String() : network.toString();
  return `${canonical}/${Number(length)}` as Prefix;
}

function parser<T>(what: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text).slice(0, 60)} is not ${what}` });
    return z.NEVER;
  });
}

export const ipv4 = parser('an IPv4 address', parseIpv4);
export const ipv6 = parser('an IPv6 address', parseIpv6);
export const prefix = parser('a prefix such as 172.20.0.0/24', parsePrefix);
