import type { DesiredSession } from '../desired/sessions.js';
import type { BirdConfig } from '../model/control-plane.js';
import type { Observed } from '../model/observed.js';
import { parseEndpoint } from '../model/values/endpoint.js';
import { type IpAddress, parseIp } from '../model/values/ip.js';
import { isWithin } from '../model/values/network.js';
import { isPublic } from '../model/values/public-address.js';
import type { SessionId } from '../model/values/session-id.js';
import { viewSession } from './session-view.js';

/** The public address from which the peer of a session sends. */
export interface ObservedEndpoint {
  readonly uuid: SessionId;
  readonly address: IpAddress;
}

// WireGuard makes a new handshake every two minutes, and gives a session up after three.
const freshSeconds = 180;

/**
 * The endpoints that `wg` shows for peers with a fresh handshake: only such a packet proves that the address is the
 * peer's. Private addresses, DN42's, the network's own and those of tunnels are left out.
 */
export function observedEndpoints(
  sessions: readonly DesiredSession[],
  observed: Observed,
  policy: BirdConfig['policy'] | undefined,
): ObservedEndpoint[] {
  const inTunnels = new Set<string>(sessions.flatMap(({ session }) => tunnelAddresses(session)));
  const own = [policy?.ipv4Prefix, policy?.ipv6Prefix].flatMap((prefix) => prefix ?? []);
  return sessions.flatMap((desired) => {
    const { peer } = viewSession(desired, observed);
    if (!peer) return [];
    const age = observed.nowSeconds - peer.latestHandshakeSeconds;
    const address = parseIp(parseEndpoint(peer.endpoint ?? '')?.host ?? '');
    if (address === undefined || age < 0 || age > freshSeconds) return [];
    const isTunnels = inTunnels.has(address) || own.some((block) => isWithin(address, block));
    return isPublic(address) && !isTunnels ? [{ uuid: desired.session.uuid, address }] : [];
  });
}

function tunnelAddresses({ ipv4, ipv6, localIpv4, localIpv6 }: DesiredSession['session']): IpAddress[] {
  return [ipv4, ipv6, localIpv4, localIpv6].flatMap((address) => address ?? []);
}
