import { z } from 'zod';
import { type IpAddress, parseIp, parseIpv6 } from './ip.js';

/** Where a WireGuard peer is dialled: an address, or a DNS name that is resolved when the tunnel is configured. */
export interface Endpoint {
  readonly host: IpAddress | string;
  readonly port: number;
  /** True where `host` is a DNS name. */
  readonly named: boolean;
}

// RFC 1123 host names, also with "_" (seen in use) and a final dot; at least one letter, so that "300.1.1.1" is none.
const hostName =
  /^(?=.{1,253}$)(?=.*[A-Za-z])[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/;

/** True for a host name of RFC 1123, also with `_`; it cannot be read as an option, a path or an address. */
export function isHostName(text: string): boolean {
  return hostName.test(text);
}

/** `host:port` with a host name, an IPv4 address or an IPv6 address in brackets; undefined for anything else. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) return undefined;
  if (match[1] !== undefined) {
    const host = parseIpv6(match[1]);
    return host && !match[1].includes('/') ? { host, port, named: false } : undefined;
  }
  const host = match[2] ?? '';
  const address = host.includes('/') ? undefined : parseIp(host);
  if (address) return { host: address, port, named: false };
  return isHostName(host) ? { host: host.toLowerCase(), port, named: true } : undefined;
}

/** The text that `wg` prints and takes: `192.0.2.1:51820`, `[2001:db8::1]:51820`. */
export function formatEndpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function whyNone(text: string): string {
  return /^\[?[\da-f:]*:[\da-f:.]*%/i.test(text.trim())
    ? 'has a zone, which is valid on one machine only; give an address that other machines can reach, without "%" and the zone'
    : 'is not host:port (IPv6 addresses in brackets)';
}

export const endpoint = z.string().transform((text, context) => {
  const value = parseEndpoint(text);
  if (value) return value;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(text).slice(0, 80)} ${whyNone(text)}`,
  });
  return z.NEVER;
});
