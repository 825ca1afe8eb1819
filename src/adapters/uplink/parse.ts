import { type IpAddress, isLinkLocal, isUnicast, parseIp, parseIpv4 } from '../../core/model/values/ip.js';

/** The addresses in the `nameserver` lines of a resolv.conf(5), loopback ones too; a zone (`%eth0`) is dropped. */
export function parseNameServers(text: string): IpAddress[] {
  const values = Array.from(text.matchAll(/^nameserver[ \t]+([^\s%]+)/gm), ([, value = '']) => value);
  return values.flatMap((value) => parseIp(value) ?? []);
}

/** True for an address that another machine may have and that routes lead to. */
export function isElsewhere(address: IpAddress): boolean {
  return isUnicast(address) && !isLinkLocal(address);
}

// From <linux/route.h>.
const routeUp = 0x1;
const routeGateway = 0x2;

/** The default routes with a gateway in `/proc/net/route`, whose numbers are as the processor has them in memory. */
export function parseGateways(
  text: string,
  byteOrder: 'LE' | 'BE',
): { readonly address: IpAddress; readonly interface: string }[] {
  return text.split('\n').flatMap((line) => {
    const [name, destination, gateway = '', flags = '', , , , mask] = line.trim().split(/\s+/);
    const wanted = routeUp | routeGateway;
    if (name === undefined || destination !== '00000000' || mask !== '00000000') return [];
    if ((Number.parseInt(flags, 16) & wanted) !== wanted) return [];
    const address = parseHexIpv4(gateway, byteOrder);
    return address && isElsewhere(address) ? [{ address, interface: name }] : [];
  });
}

function parseHexIpv4(text: string, byteOrder: 'LE' | 'BE'): IpAddress | undefined {
  const bytes = (text.match(/^[0-9A-F]{8}$/i)?.[0].match(/../g) ?? []).map((hex) => Number.parseInt(hex, 16));
  return parseIpv4((byteOrder === 'LE' ? bytes.reverse() : bytes).join('.'));
}
