import type { ObservedWireGuard, ObservedWireGuardPeer } from '../model/observed.js';
import { noPresharedKey } from './wireguard.js';

/** The configuration of a device as it was observed, in the format of wg(8). It holds the private key: the result is a secret. */
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
