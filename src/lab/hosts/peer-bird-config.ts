import type { Announcement } from '../scenario/announcements.js';
import { asn } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { peerInterface } from './peer-tunnel.js';

/** A peer's `bird.conf`, as its operator would write it by hand. All timers are BIRD's own: what recovers soon does so by our end. */
export function peerBirdConfig(peer: PeerSpec): string {
  return `router id ${peer.ipv4};
protocol device { scan time 2; }
${(['ipv4', 'ipv6'] as const).map((family) => familyConfig(peer, family)).join('\n')}
${peerBgpProtocols(peer)}
`;
}

type Family = 'ipv4' | 'ipv6';

/** The networks it announces, some of them as if it had learned them from others, and the way into its kernel. */
function familyConfig(peer: PeerSpec, family: Family): string {
  const announced = peer.announces.flatMap((announcement) =>
    prefixesOf(announcement, family).map((prefix) => ({ prefix, path: learnedPath(peer, announcement) })),
  );
  const routes = announced.map(({ prefix }) => `  route ${prefix} unreachable;`);
  const paths = announced
    .filter(({ path }) => path.length > 0)
    .map(({ prefix, path }) => {
      const prepends = path.toReversed().map((each) => `bgp_path.prepend(${each});`);
      return `  if net = ${prefix} then { ${prepends.join(' ')} }`;
    });
  return `protocol static { ${family};
${routes.join('\n')}
}
filter announce_${family} {
  if source != RTS_STATIC then reject;
${paths.join('\n')}
  accept;
}
protocol kernel {
  scan time 2;
  ${family} { import none; export filter { if source != RTS_BGP then reject; krt_prefsrc = ${peer[family]}; accept; }; };
}`;
}

/** The path as the peer has learned it, the nearest ASN first; empty where the peer itself is the origin. */
export function learnedPath(peer: PeerSpec, { origin, between }: Announcement): number[] {
  return origin === peer.asn ? [] : [...(between === undefined ? [] : [between]), origin];
}

/** Those of one family. */
export function prefixesOf({ prefixes }: Announcement, family: Family): readonly string[] {
  return prefixes.filter((prefix) => prefix.includes(':') === (family === 'ipv6'));
}

function peerBgpProtocols(peer: PeerSpec): string {
  const { node, toldLinkLocal } = peer;
  if (peer.kind === 'separate') {
    return [
      bgpProtocol(peer.asn, 'node4', `${node.loopbackIpv4} as ${asn}`, peer.ipv4, [channel('ipv4')]),
      bgpProtocol(peer.asn, 'node6', `${node.loopbackIpv6} as ${asn}`, peer.ipv6, [channel('ipv6')]),
    ].join('\n');
  }
  const extra = peer.kind === 'extended-next-hop' ? ' extended next hop on;' : '';
  const channels = [channel('ipv4', extra), channel('ipv6')];
  if (peer.neighbor === 'ULA')
    return bgpProtocol(peer.asn, 'node', `${node.loopbackIpv6} as ${asn}`, peer.ipv6, channels);
  const neighbor = `${toldLinkLocal}%${peerInterface} as ${asn}`;
  return bgpProtocol(peer.asn, 'node', neighbor, peer.linkLocal, channels);
}

function bgpProtocol(
  local: number,
  name: string,
  neighbor: string,
  source: string,
  channels: readonly string[],
): string {
  return `protocol bgp ${name} {
  local as ${local};
  neighbor ${neighbor};
  source address ${source};
${channels.join('\n')}
}`;
}

function channel(family: Family, extra = ''): string {
  return `  ${family} { import all; export filter announce_${family};${extra} };`;
}
