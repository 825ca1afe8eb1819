import type { Announcement } from '../scenario/announcements.js';
import { asn } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { learnedPath, prefixesOf } from './peer-bird-config.js';

/**
 * A peer's `bgpd.conf`, as its operator would write it by hand, with FRR's defaults: a hold time of 180 s, and 120 s between two
 * attempts to connect. One session per family, on the tunnel's addresses.
 */
export function peerFrrConfig(peer: PeerSpec): string {
  const { node } = peer;
  const sessions = [
    { family: 'ipv4', neighbor: node.loopbackIpv4, source: peer.ipv4 },
    { family: 'ipv6', neighbor: node.loopbackIpv6, source: peer.ipv6 },
  ] as const;
  return [
    // First, for what names a route map that is not there yet is not announced.
    ...peer.announces.flatMap((announcement, index) => routeMap(peer, announcement, index)),
    ...byGlobalAddress,
    `router bgp ${peer.asn}`,
    ` bgp router-id ${peer.ipv4}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ' no bgp default ipv4-unicast',
    ...sessions.flatMap(({ neighbor, source }) => [
      ` neighbor ${neighbor} remote-as ${asn}`,
      ` neighbor ${neighbor} update-source ${source}`,
    ]),
    ...sessions.flatMap(({ family, neighbor }) => [
      ` address-family ${family} unicast`,
      ...peer.announces.flatMap((announcement, index) => networks(announcement, index, family)),
      `  neighbor ${neighbor} activate`,
      ...(family === 'ipv6' ? [`  neighbor ${neighbor} route-map by-global-address in`] : []),
      ' exit-address-family',
    ]),
    'exit',
    '',
  ].join('\n');
}

// Of two IPv6 next hops FRR takes the link-local one, and here its own addresses do not tell on which interface that is.
const byGlobalAddress = ['route-map by-global-address permit 10', ' set ipv6 next-hop prefer-global', 'exit'];

function networks(announcement: Announcement, index: number, family: 'ipv4' | 'ipv6'): string[] {
  return prefixesOf(announcement, family).map((prefix) => `  network ${prefix} route-map ${mapName(index)}`);
}

/** The path as the peer has learned it; nothing where the peer itself is the origin. */
function routeMap(peer: PeerSpec, announcement: Announcement, index: number): string[] {
  const path = learnedPath(peer, announcement);
  const prepend = path.length > 0 ? [` set as-path prepend ${path.join(' ')}`] : [];
  return [`route-map ${mapName(index)} permit 10`, ...prepend, 'exit'];
}

function mapName(index: number): string {
  return `announce-${index}`;
}
