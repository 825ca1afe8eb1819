import { readFile } from 'node:fs/promises';

/** The interfaces of the default routes, those of the lowest metric first. */
export interface DefaultRoutes {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** The default routes of this network namespace; none where the kernel does not tell. Never throws, starts no process. */
export async function readDefaultRoutes(procNet = '/proc/net'): Promise<DefaultRoutes> {
  // A kernel without an address family has no such file.
  const read = (name: string) => readFile(`${procNet}/${name}`, 'utf8').catch(() => '');
  const ipv4 = parseDefaultRoutes4(await read('route'));
  const ipv6 = parseDefaultRoutes6(await read('ipv6_route'));
  return { ipv4: interfacesOf(ipv4), ipv6: interfacesOf(ipv6) };
}

interface DefaultRoute {
  readonly interface: string;
  readonly metric: number;
}

/** `gateway` is 8 hexadecimal digits, as the processor has the address in memory; undefined for a route without one. */
interface DefaultRoute4 extends DefaultRoute {
  readonly gateway: string | undefined;
}

// From <linux/route.h> and <linux/ipv6_route.h>.
const routeUp = 0x1;
const routeGateway = 0x2;
const routeReject = 0x200;

/** The default routes in `/proc/net/route` that are up, in the order they came; the metric is decimal. */
export function parseDefaultRoutes4(text: string): readonly DefaultRoute4[] {
  return rowsOf(text).flatMap(([name = '', destination, gateway, flags = '', , , metric, mask]) => {
    const bits = Number.parseInt(flags, 16);
    if (destination !== '00000000' || mask !== '00000000' || !isUsable(bits)) return [];
    const via = (bits & routeGateway) === 0 ? undefined : gateway;
    return [{ interface: name, gateway: via, metric: Number(metric) }];
  });
}

/** Those in `/proc/net/ipv6_route`, where all is hexadecimal. */
function parseDefaultRoutes6(text: string): readonly DefaultRoute[] {
  return rowsOf(text).flatMap(([destination = '', length, , , , metric = '', , , flags = '', name = '']) => {
    const isDefault = /^0{32}$/.test(destination) && length === '00';
    if (!isDefault || !isUsable(Number.parseInt(flags, 16))) return [];
    return [{ interface: name, metric: Number.parseInt(metric, 16) }];
  });
}

function rowsOf(text: string): string[][] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

function isUsable(flags: number): boolean {
  return (flags & (routeUp | routeReject)) === routeUp;
}

function interfacesOf(routes: readonly DefaultRoute[]): string[] {
  const names = routes.toSorted((a, b) => a.metric - b.metric).map((route) => route.interface);
  return [...new Set(names)].filter((name) => name !== 'lo' && name !== '');
}
