import type { RpkiServer } from '../model/control-plane.js';
import type { Observed, Surroundings } from '../model/observed.js';
import type { RpkiCache } from '../model/routing.js';
import { type IpAddress, parseIp } from '../model/values/ip.js';

/** Host name of a cache → its last address in BIRD's files. */
export type CacheAddresses = Readonly<Record<string, string>>;

/** Gives each cache its address: the present one while DNS names it or names none, else the first that DNS names. */
export function resolveCaches(
  servers: readonly RpkiServer[],
  resolved: Observed['resolved'],
  before: CacheAddresses,
): readonly RpkiCache[] {
  return servers.map((server) => {
    if (parseIp(server.host)) return server;
    const answers = (resolved.get(server.host) ?? []).flatMap((text) => usable(text) ?? []);
    const present = usable(before[server.host] ?? '');
    const isNamed = present !== undefined && (answers.length === 0 || answers.includes(present));
    return { ...server, address: isNamed ? present : answers[0] };
  });
}

/** BIRD refuses the whole configuration where a cache has the unspecified address. */
function usable(text: string): IpAddress | undefined {
  const address = parseIp(text);
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

/** The caches' addresses to remember, for a node that starts while DNS does not answer. */
export function cacheAddresses(caches: readonly RpkiCache[]): CacheAddresses {
  const known = caches.flatMap(({ host, address }) => (address ? [[host, address] as const] : []));
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The caches that DNS does not find, in words. `unresolved` are the names that did not resolve at their last look-up. */
export function cacheProblems(caches: readonly RpkiCache[], unresolved: readonly string[]): string[] {
  return caches.flatMap(({ name, host, address }) => {
    if (parseIp(host)) return [];
    const what = `RPKI cache ${name}: its name ${host}`;
    if (address === undefined)
      return [`${what} has no address yet; the agent leaves it out of BIRD and asks DNS again at each pass`];
    return unresolved.includes(host)
      ? [`${what} does not resolve now; BIRD goes on with its last address ${address}`]
      : [];
  });
}

/** The node depends on the addresses that BIRD uses, also while DNS does not name them. */
export function withCacheAddresses<T extends { readonly surroundings?: Surroundings | undefined }>(
  observed: T,
  caches: readonly RpkiCache[],
): T {
  const { surroundings } = observed;
  if (!surroundings) return observed;
  const used = caches.flatMap(({ address }) => address ?? []);
  const rtrCaches = [...new Set([...surroundings.rtrCaches, ...used])].sort();
  return { ...observed, surroundings: { ...surroundings, rtrCaches } };
}
