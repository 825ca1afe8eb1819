import type { PeerSpec, Scenario } from '../scenario/scenario.js';

/** The tunnel's interface on every peer. */
export const peerInterface = 'wg0';

export interface PeerSecrets {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly presharedKey: string | undefined;
}

/** A peer's side of its tunnel as its operator would write it by hand, for `wg setconf` (wg(8)). */
export function peerWireGuardConfig(peer: PeerSpec, secrets: PeerSecrets, nodePublicKey: string): string {
  return [
    '[Interface]',
    `PrivateKey = ${secrets.privateKey}`,
    `ListenPort = ${peer.listenPort}`,
    '[Peer]',
    `PublicKey = ${nodePublicKey}`,
    ...(secrets.presharedKey === undefined ? [] : [`PresharedKey = ${secrets.presharedKey}`]),
    `Endpoint = ${peer.node.address}:${peer.session.port}`,
    'AllowedIPs = 0.0.0.0/0, ::/0',
    ...(peer.dialsIn ? ['PersistentKeepalive = 5'] : []),
    '',
  ].join('\n');
}

/** The addresses on the peer's end of the tunnel, as arguments of `ip address add`. */
export function peerTunnelAddresses(peer: PeerSpec): readonly (readonly string[])[] {
  const linkLocal = [`${peer.linkLocal}/64`];
  const ipv4 = [`${peer.ipv4}/32`, 'peer', `${peer.node.loopbackIpv4}/32`];
  const ipv6 = [`${peer.ipv6}/128`, 'peer', `${peer.node.loopbackIpv6}/128`];
  if (peer.kind === 'extended-next-hop') return [linkLocal];
  return peer.kind === 'mp-bgp' ? [linkLocal, ipv4] : [ipv4, ipv6];
}

/**
 * A peer's `bird.conf`, as its operator would write it by hand. The timers are short, so that the peer is never the
 * one that is waited for; the hold time outlasts a tunnel's repair (BIRD 2 manual, "BGP").
 */
export function peerBirdConfig(peer: PeerSpec, scenario: Scenario): string {
  return `router id ${peer.ipv4};
protocol device { scan time 2; }
protocol static { ipv4; route ${peer.ipv4Prefix} unreachable; }
protocol static { ipv6; route ${peer.ipv6Prefix} unreachable; }
protocol kernel {
  ipv4 { import none; export filter { if source != RTS_BGP then reject; krt_prefsrc = ${peer.ipv4}; accept; }; };
}
protocol kernel {
  ipv6 { import none; export filter { if source != RTS_BGP then reject; krt_prefsrc = ${peer.ipv6}; accept; }; };
}
template bgp short_timers {
  local as ${peer.asn};
  hold time 30;
  keepalive time 3;
  connect delay time 1;
  connect retry time 2;
  error wait time 1, 2;
  error forget time 2;
}
${peerBgpProtocols(peer, scenario.asn)}
`;
}

function peerBgpProtocols(peer: PeerSpec, asn: number): string {
  const { node } = peer;
  if (peer.kind === 'separate') {
    return [
      bgpProtocol('node4', `${node.loopbackIpv4} as ${asn}`, peer.ipv4, [channel('ipv4')]),
      bgpProtocol('node6', `${node.loopbackIpv6} as ${asn}`, peer.ipv6, [channel('ipv6')]),
    ].join('\n');
  }
  const extra = peer.kind === 'extended-next-hop' ? ' extended next hop on;' : '';
  const neighbor = `${node.linkLocal}%${peerInterface} as ${asn}`;
  return bgpProtocol('node', neighbor, peer.linkLocal, [channel('ipv4', extra), channel('ipv6')]);
}

function bgpProtocol(name: string, neighbor: string, source: string, channels: readonly string[]): string {
  return `protocol bgp ${name} from short_timers {
  neighbor ${neighbor};
  source address ${source};
${channels.join('\n')}
}`;
}

function channel(family: string, extra = ''): string {
  return `  ${family} { import all; export where source = RTS_STATIC;${extra} };`;
}
