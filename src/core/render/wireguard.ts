import type { Tunnel } from '../model/artifacts.js';
import type { ObservedWireGuard, ObservedWireGuardPeer } from '../model/observed.js';
import type { Secret } from '../model/values/secret.js';
import { fill } from './fill.js';
import type { Templates } from './templates.js';

// 32 zero bytes mean "none" to WireGuard. `wg syncconf` leaves a key in place that the file does not name.
const noPresharedKey = `${'A'.repeat(43)}=`;

/**
 * The whole configuration of one WireGuard interface, in the format of wg(8) as `wg syncconf` reads it. It names
 * everything, because WireGuard resets what is missing (private key, port) or leaves it (preshared key, keepalive).
 * `endpointAddress` is `ip:port` with IPv6 in brackets: `wg` would wait for a name to resolve. The result is a secret.
 */
export function renderWireGuard(
  tunnel: Tunnel,
  privateKey: Secret,
  endpointAddress: string | undefined,
  templates: Templates,
): string {
  const { peer } = tunnel;
  return fill(templates, 'wireguard.conf.hbs', {
    interface: tunnel.interface,
    privateKey: privateKey.reveal(),
    listenPort: tunnel.listenPort,
    publicKey: peer.publicKey,
    presharedKey: peer.presharedKey?.reveal() ?? noPresharedKey,
    endpoint: endpointAddress,
    allowedIps: peer.allowedIps.join(', '),
    persistentKeepalive: peer.persistentKeepaliveSeconds,
  });
}

/** The configuration of a device as observed, in the format of wg(8). It contains the private key: the result is a secret. */
export function renderWireGuardDevice({ privateKey, listenPort, peers }: ObservedWireGuard): string {
  const lines = [
    '[Interface]',
    ...(privateKey === undefined ? [] : [`PrivateKey = ${privateKey.reveal()}`]),
    `ListenPort = ${listenPort}`,
    ...peers.flatMap(peerLines),
  ];
  return `${lines.join('\n')}\n`;
}

function peerLines(peer: ObservedWireGuardPeer): string[] {
  return [
    '',
    '[Peer]',
    `PublicKey = ${peer.publicKey}`,
    `PresharedKey = ${peer.presharedKey?.reveal() ?? noPresharedKey}`,
    ...(peer.endpoint === undefined ? [] : [`Endpoint = ${peer.endpoint}`]),
    `AllowedIPs = ${peer.allowedIps.join(', ')}`,
    `PersistentKeepalive = ${peer.persistentKeepaliveSeconds}`,
  ];
}
