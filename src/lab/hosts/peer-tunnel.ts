import type { PeerSpec } from '../scenario/peer-spec.js';
import { acceptedPrefixes } from '../scenario/policy-table.js';

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
  if (peer.kind === 'extended-next-hop') return [peer.neighbor === 'ULA' ? ipv6 : linkLocal];
  return peer.kind === 'mp-bgp' ? [linkLocal, ipv4] : [ipv4, ipv6];
}

/** The peer's own addresses: its router's, and the first of each network that is reached through it. */
export function peerAddresses(peer: PeerSpec): string[] {
  return [...new Set([peer.ipv4, peer.ipv6, ...acceptedPrefixes(peer).map(firstAddress)])];
}

/** The first address of a network: `172.23.8.0/24` → `172.23.8.1`. */
export function firstAddress(prefix: string): string {
  return prefix
    .replace(/\/\d+$/, '')
    .replace(/0$/, '1')
    .replace(/::$/, '::1');
}
