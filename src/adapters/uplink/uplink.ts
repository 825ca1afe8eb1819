import { endianness } from 'node:os';
import type { IpAddress } from '../../core/model/values/ip.js';
import type { HttpProxy } from '../../core/model/values/proxy.js';
import type { Uplink } from '../../shell/ports/host.js';
import { isElsewhere, parseGateways, parseNameServers } from './parse.js';
import { readHead } from './read-head.js';

/** systemd-resolved listens on these addresses, and says elsewhere whom it asks. */
const stubs = ['127.0.0.53', '127.0.0.54'];

interface Paths {
  readonly resolvConf: string;
  /** Where systemd-resolved names the servers that it asks. */
  readonly resolvedConf: string;
  readonly routes: string;
}

const systemPaths: Paths = {
  resolvConf: '/etc/resolv.conf',
  resolvedConf: '/run/systemd/resolve/resolv.conf',
  routes: '/proc/net/route',
};

interface UplinkOptions {
  /** The control plane's. */
  readonly apiUrl: string;
  /** What the control plane is asked through. */
  readonly proxy?: Pick<HttpProxy, 'hostname'> | undefined;
  /** Those of another machine in tests. */
  readonly paths?: Paths;
}

/** Opens the way to the rest of the world. */
export function openUplink({ apiUrl, proxy, paths }: UplinkOptions): Uplink {
  const { resolvConf, resolvedConf, routes } = paths ?? systemPaths;
  // What cannot be read for a moment, as while a DHCP client writes it, has not changed.
  let resolvers: readonly IpAddress[] = [];
  return {
    controlPlaneHost: new URL(apiUrl).hostname.replace(/^\[|\]$/g, ''),
    proxyHost: proxy?.hostname,
    observe: async () => {
      resolvers = (await readResolvers(resolvConf, resolvedConf)) ?? resolvers;
      return { resolvers, gateways: parseGateways((await readHead(routes)) ?? '', endianness()) };
    },
  };
}

/** Undefined where it cannot be read. */
async function readResolvers(
  resolvConf: string,
  resolvedConf: string,
): Promise<readonly IpAddress[] | undefined> {
  const text = await readHead(resolvConf);
  if (text === undefined) return undefined;
  const named = parseNameServers(text);
  const isStub = named.some((address) => stubs.includes(address));
  const asked = isStub ? parseNameServers((await readHead(resolvedConf)) ?? '') : [];
  return [...new Set([...named, ...asked].filter(isElsewhere))].sort();
}
