import ipaddr from 'ipaddr.js';
import { isHostName } from '../model/values/endpoint.js';
import { type InterfaceName, interfaceName } from '../model/values/interface-name.js';
import { type IpAddress, type Prefix, parseIp, parsePrefix } from '../model/values/ip.js';

/** The target of a look-up is invalid or not allowed. The message says why, for the person who asked. */
export class TargetError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'TargetError';
  }
}

/** The target of a tool. Only these parts, in canonical text, reach a program or BIRD. */
export type HostTarget =
  | { readonly kind: 'address'; readonly address: IpAddress; readonly zone: InterfaceName | undefined }
  | { readonly kind: 'name'; readonly name: string };

export interface TcpTarget {
  readonly host: HostTarget;
  readonly port: number;
}

/** The target of a route look-up. */
export type RouteTarget = HostTarget | { readonly kind: 'prefix'; readonly prefix: Prefix };

const defaultTcpPort = 80;

/**
 * An address (a link-local one as `fe80::1%dn42_4242420001`) or a host name. Throws `TargetError` for any other text, and
 * for addresses that are no other machine's: loopback, multicast, unspecified and their like.
 */
export function parseHostTarget(text: string): HostTarget {
  const [, bracketed] = /^\[([^\]]*)\]$/.exec(text.trim()) ?? [];
  const wanted = bracketed ?? text.trim();
  const [host = '', zone, ...rest] = wanted.split('%');
  const address = host.includes('/') ? undefined : parseIp(host);
  if (address !== undefined && rest.length === 0) return addressTarget(address, zone);
  if (bracketed === undefined && isHostName(wanted)) return { kind: 'name', name: wanted.toLowerCase() };
  throw new TargetError(`${quoted(text)} is neither an address nor a host name`);
}

/** `host`, `host:port` or `[IPv6]:port`; port 80 where none is named. Throws `TargetError`. */
export function parseTcpTarget(text: string): TcpTarget {
  const wanted = text.trim();
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::([^:]*))?$/.exec(wanted) ?? [undefined, wanted, undefined];
  return { host: parseHostTarget(host ?? ''), port: port === undefined ? defaultTcpPort : parsePort(port) };
}

/** A prefix, an address or a host name. Throws `TargetError`; a link-local address has no route of its own. */
export function parseRouteTarget(text: string): RouteTarget {
  const prefix = text.includes('/') ? parsePrefix(text) : undefined;
  if (prefix !== undefined) return { kind: 'prefix', prefix };
  const host = parseHostTarget(text);
  if (host.kind === 'address' && host.zone !== undefined)
    throw new TargetError(`${host.address} is a link-local address: it is not routed`);
  return host;
}

/** Why the agent must not send a packet to the address on request; undefined where it may. */
export function whyNotReachable(address: IpAddress): string | undefined {
  const range = ipaddr.parse(address).range();
  if (range === 'linkLocal' && !address.includes(':')) return `${address} is link-local`;
  return refusedRanges.has(range) ? `${address} is ${refusedRanges.get(range)}` : undefined;
}

/** As programs take it: `192.0.2.1`, `fe80::1%wg_24001`. */
export function formatAddress(address: IpAddress, zone: InterfaceName | undefined): string {
  return zone === undefined ? address : `${address}%${zone}`;
}

// Names as ipaddr.js has them. A mapped or translated address could stand for any of the others.
const refusedRanges: ReadonlyMap<string, string> = new Map([
  ['unspecified', 'unspecified'],
  ['broadcast', 'a broadcast address'],
  ['multicast', 'a multicast address'],
  ['loopback', 'a loopback address'],
  ['ipv4Mapped', 'an IPv4 address in IPv6 form; write it as IPv4'],
  ['rfc6145', 'an IPv4 address in IPv6 form; write it as IPv4'],
]);

function addressTarget(address: IpAddress, zone: string | undefined): HostTarget {
  const reason = whyNotReachable(address);
  if (reason !== undefined) throw new TargetError(reason);
  const linkLocal = ipaddr.parse(address).range() === 'linkLocal';
  if (!linkLocal && zone === undefined) return { kind: 'address', address, zone: undefined };
  if (!linkLocal) throw new TargetError(`${address} is not link-local: leave out the interface`);
  const name = interfaceName.safeParse(zone);
  if (!name.success)
    throw new TargetError(`${address} is link-local: name the interface, as in ${address}%dn42_4242420001`);
  return { kind: 'address', address, zone: name.data };
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new TargetError(`${quoted(text)} is not a port from 1 to 65535`);
  return port;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
