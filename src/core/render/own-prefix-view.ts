import type { OwnPrefix, RoutingPolicy } from '../model/routing.js';
import { parseIp } from '../model/values/ip.js';
import type { View } from './fill.js';
import { policies } from './peer-view.js';

/** The values of `policy.conf.hbs` and `internal.conf.hbs` for the operator's own prefixes, one list for each family. */
export function ownPrefixView({ ownPrefixes, ipv4Prefix, ipv6Prefix }: RoutingPolicy): View {
  const all = distinct(ownPrefixes).filter(({ prefix }) => prefix !== ipv4Prefix && prefix !== ipv6Prefix);
  const here = all.filter(({ originate }) => originate);
  return {
    ownPrefixesIpv4: all.filter(isIpv4).map(({ prefix }) => prefix),
    ownPrefixesIpv6: all.filter(isIpv6).map(({ prefix }) => prefix),
    ownStaticsIpv4: here.filter(isIpv4).map(staticView),
    ownStaticsIpv6: here.filter(isIpv6).map(staticView),
  };
}

/** In order, each once: of several entries for a prefix the first counts. */
function distinct(prefixes: readonly OwnPrefix[]): OwnPrefix[] {
  const byPrefix = new Map(prefixes.toReversed().map((each) => [each.prefix, each]));
  return [...byPrefix.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

function isIpv6({ prefix }: OwnPrefix): boolean {
  return prefix.includes(':');
}

function isIpv4(own: OwnPrefix): boolean {
  return !isIpv6(own);
}

function staticView({ prefix, via, announceTo }: OwnPrefix): View {
  const marks = announceTo.map((to) =>
    typeof to === 'number' ? `MOENET_LC_OWN_TO, ${to}` : `MOENET_LC_OWN, ${policies[to].constant}`,
  );
  return { prefix, way: wayOf(via), marks: [...new Set(marks)].sort() };
}

function wayOf(via: OwnPrefix['via']): string {
  if (via === undefined) return 'unreachable';
  return `via ${parseIp(via) ?? `"${via}"`}`;
}
