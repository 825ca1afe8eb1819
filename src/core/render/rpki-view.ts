import type { RpkiServer } from '../model/control-plane.js';
import { parseIp } from '../model/ip.js';
import type { View } from './fill.js';

/** The values of `rpki.conf.hbs`, also for the policy, which checks origins only where there is a cache to ask. */
export function rpkiView(servers: readonly RpkiServer[]): View {
  const caches = servers.flatMap(cacheView).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { rpki: caches.length > 0, caches };
}

const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/;

/**
 * Names and hosts come from the network and end up in identifiers and between quotes: what is neither an address nor
 * a host name is left out, whoever let it through.
 */
function cacheView({ name, host, port }: RpkiServer): (View & { readonly name: string })[] {
  const address = parseIp(host);
  if (!/^[A-Za-z0-9_]{1,40}$/.test(name) || !(address || hostName.test(host))) return [];
  return [{ name: `moenet_rpki_${name}`, remote: address ?? `"${host}"`, port }];
}
