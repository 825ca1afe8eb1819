import type { RpkiCache } from '../model/routing.js';
import { parseIp } from '../model/values/ip.js';
import type { View } from './fill.js';

/**
 * The values of `rpki.conf.hbs`, also for the policy. Where caches are named, origins are checked, also while none of them has an
 * address: then no ROA speaks of any route.
 */
export function rpkiView(servers: readonly RpkiCache[]): View {
  const named = servers.filter(isSafe);
  const caches = named.flatMap(cacheView).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { rpki: named.length > 0, caches };
}

const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/;

/**
 * Names and hosts come from the network, and names end up in identifiers: what is neither an address nor a host name is left out,
 * whoever let it through.
 */
function isSafe({ name, host }: RpkiCache): boolean {
  return /^[A-Za-z0-9_]{1,40}$/.test(name) && (parseIp(host) !== undefined || hostName.test(host));
}

function cacheView({ name, host, port, address }: RpkiCache): (View & { readonly name: string })[] {
  const remote = parseIp(host) ?? address;
  return remote === undefined ? [] : [{ name: `moenet_rpki_${name}`, remote, port }];
}
