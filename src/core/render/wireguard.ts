import type { Tunnel } from '../desired/desired.js';
import type { Secret } from '../model/secret.js';
import { fill } from './fill.js';
import type { Templates } from './templates.js';

/**
 * The whole configuration of one WireGuard interface, in the format of wg(8) as `wg syncconf` reads it. Everything is
 * said, since what is not said would be reset (key, port) or kept (keepalive). `endpointAddress` is `ip:port` with
 * IPv6 in brackets, for a name would be resolved by `wg` while it holds up the pass. The result is a secret.
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
    presharedKey: peer.presharedKey?.reveal(),
    endpoint: endpointAddress,
    allowedIps: peer.allowedIps.join(', '),
    persistentKeepalive: peer.persistentKeepaliveSeconds,
  });
}
