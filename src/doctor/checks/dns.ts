import { isIP } from 'node:net';
import { openResolver } from '../../adapters/dns/resolver.js';
import { systemClock } from '../../platform/clock.js';
import type { Check } from '../check.js';
import { fault, ok, warning } from '../finding.js';

export const dnsCheck: Check = {
  name: 'DNS',
  limitMs: 12_000,
  look: async ({ node, stored }, signal) => {
    const host = node
      ? new URL(node.bootstrap.proxy?.url ?? node.bootstrap.apiUrl).hostname.replace(/^\[|\]$/g, '')
      : undefined;
    const caches = (stored.birdConfig?.policy.rpkiServers ?? []).map((cache) => cache.host);
    const names = [...new Set([...(host === undefined ? [] : [host]), ...caches])].filter(
      (name) => isIP(name) === 0,
    );
    if (names.length === 0) return [ok('no name to look up')];
    const found = await openResolver({ clock: systemClock }).resolve(names, signal);
    return names.map((name) => {
      const addresses = found.get(name) ?? [];
      if (addresses.length > 0) return ok(`${name} is ${addresses.join(', ')}`);
      const bad = name === host ? fault : warning;
      return bad(`${name} does not resolve; /etc/resolv.conf names the resolvers`, `getent ahosts ${name}`);
    });
  },
};
