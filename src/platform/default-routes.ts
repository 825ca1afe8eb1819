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
  return parseDefaultRoutes(await read('route'), await read('ipv6_route'));
}

// From <linux/route.h> and <linux/ipv6_route.h>.
const routeUp = 0x1;
const routeReject = 0x200;

/** Reads `/proc/net/route`, whose metric is decimal, and `/proc/net/ipv6_route`, where all is hexadecimal. */
export function parseDefaultRoutes(route: string, ipv6Route: string): DefaultRoutes {
  return {
    ipv4: interfacesOf(route, ([name, destination, , flags, , , metric, mask]) => {
      return destination === '00000000' && mask === '00000000'
        ? { name, flags, metric: Number(metric) }
        : undefined;
    }),
    ipv6: interfacesOf(ipv6Route, ([destination, length, , , , metric, , , flags, name]) => {
      const isDefault = /^0{32}$/.test(destination ?? '') && length === '00';
      return isDefault ? { name, flags, metric: Number.parseInt(metric ?? '', 16) } : undefined;
    }),
  };
}

interface Route {
  readonly name: string | undefined;
  readonly flags: string | undefined;
  readonly metric: number;
}

function interfacesOf(text: string, parse: (fields: readonly string[]) => Route | undefined): string[] {
  const routes = text.split('\n').flatMap((line) => parse(line.trim().split(/\s+/)) ?? []);
  const names = routes
    .filter(({ flags }) => (Number.parseInt(flags ?? '', 16) & (routeUp | routeReject)) === routeUp)
    .sort((a, b) => a.metric - b.metric)
    .flatMap(({ name }) => (name === undefined || name === 'lo' ? [] : [name]));
  return [...new Set(names)];
}
