import { type IpAddress, isLinkLocal, isUnicast, parseIp, parseIpv4 } from '../../core/model/values/ip.js';
import { parseDefaultRoutes4 } from '../../platform/default-routes.js';

/** The addresses in the `nameserver` lines of a resolv.conf(5), loopback ones too; a zone (`%eth0`) is dropped. */
export function parseNameServers(text: string): IpAddress[] {
  const values = Array.from(text.matchAll(/^nameserver[ \t]+([^\s%]+)/gm), ([, value = '']) => value);
  return values.flatMap((value) => parseIp(value) ?? []);
}

/** True for an address that another machine may have and that routes lead to. */
export function isElsewhere(address: IpAddress): boolean {
  return isUnicast(address) && !isLinkLocal(address);
}

/** The gateways of the default routes in `/proc/net/route`, whose numbers are as the processor has them in memory. */
export function parseGateways(
  text: string,
  byteOrder: 'LE' | 'BE',
): { readonly address: IpAddress; readonly interface: string }[] {
  return parseDefaultRoutes4(text).flatMap(({ interface: name, gateway = '' }) => {
    const address = parseHexIpv4(gateway, byteOrder);
    return address && isElsewhere(address) ? [{ address, interface: name }] : [];
  });
}

function parseHexIpv4(text: string, byteOrder: 'LE' | 'BE'): IpAddress | undefined {
  const bytes = (text.match(/^[0-9A-F]{8}$/i)?.[0].match(/../g) ?? []).map((hex) => Number.parseInt(hex, 16));
  return parseIpv4((byteOrder === 'LE' ? bytes.reverse() : bytes).join('.'));
}
