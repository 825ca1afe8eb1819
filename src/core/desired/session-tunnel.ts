import type { InterfaceAddress, Tunnel } from '../model/artifacts.js';
import type { Session } from '../model/session.js';
import { sessionProtocols } from '../model/session-protocols.js';
import {
  type IpAddress,
  isLinkLocal,
  otherEnd,
  type Prefix,
  parseIp,
  parsePrefix,
} from '../model/values/ip.js';
import { hostNetwork, isWithin } from '../model/values/network.js';
import type { NodeIdentity } from './node.js';

// Routes decide what goes through a tunnel, not WireGuard's allowed IPs.
const usualAllowedIps = ['0.0.0.0/0', 'fd00::/8', 'fe80::/64'].flatMap((text) => parsePrefix(text) ?? []);

/** The tunnel of a session that `whyUnreachable` accepts: it carries packets to the neighbor's addresses. */
export function sessionTunnel(session: Session, node: NodeIdentity, keepaliveSeconds: number): Tunnel {
  return {
    owner: { kind: 'session', uuid: session.uuid },
    interface: session.interface,
    mtu: session.mtu,
    listenPort: session.listenPort,
    addresses: tunnelAddresses(session, node),
    peer: {
      publicKey: session.publicKey,
      presharedKey: session.presharedKey,
      endpoint: session.endpoint,
      allowedIps: allowedIps(session),
      persistentKeepaliveSeconds: keepaliveSeconds,
    },
  };
}

/** The addresses that the neighbor has on the tunnel. */
export function neighborAddresses({ ipv4, ipv6, ipv6LinkLocal }: Session): IpAddress[] {
  return [ipv4, ipv6, ipv6LinkLocal].flatMap((address) => address ?? []);
}

/** The neighbor's addresses to which the machine gets routes: all but link-local ones. */
export function routedAddresses({ ipv4, ipv6 }: Session): IpAddress[] {
  return [ipv4, ipv6].flatMap((address) => address ?? []);
}

/** The neighbor's own addresses are always allowed: BGP needs them. */
function allowedIps(session: Session): Prefix[] {
  const missing = neighborAddresses(session).filter(
    (address) => !usualAllowedIps.some((block) => isWithin(address, block)),
  );
  return [...usualAllowedIps, ...missing.map(hostNetwork)];
}

/**
 * Our usual link-local address, for peers that were set up with it, and our own of this session. For a neighbor's other
 * addresses our end of the link's /31 or /127, or else our loopbacks, point to point.
 */
function tunnelAddresses(session: Session, node: NodeIdentity): InterfaceAddress[] {
  const { ipv4, ipv6, localIpv4, localIpv6, ownIpv6 } = session;
  const ownGlobal = ownIpv6 && !isLinkLocal(ownIpv6) ? ownIpv6 : undefined;
  return [
    ...(node.linkLocal ? [linkLocal(node.linkLocal, session.ipv6LinkLocal)] : []),
    ...(ownIpv6 && !ownGlobal ? [linkLocal(ownIpv6, session.ipv6LinkLocal)] : []),
    ...(ownGlobal && !ipv6 ? [{ local: ownGlobal, prefixLength: 128, peer: undefined }] : []),
    ...(ipv4 ? towards(ipv4, localIpv4, node.loopbackIpv4) : []),
    ...(ipv6 ? towards(ipv6, localIpv6, ownGlobal ?? node.loopbackIpv6) : []),
  ];
}

function towards(
  neighbor: IpAddress,
  local: IpAddress | undefined,
  loopback: IpAddress | undefined,
): InterfaceAddress[] {
  const full = neighbor.includes(':') ? 128 : 32;
  if (local) return [{ local, prefixLength: full - 1, peer: undefined }];
  return loopback ? [{ local: loopback, prefixLength: full, peer: neighbor }] : [];
}

/** Usually fe80::/64; a neighbor elsewhere in fe80::/10 is on the link only with the whole /10. */
function linkLocal(local: IpAddress, neighbor: IpAddress | undefined): InterfaceAddress {
  const usual: InterfaceAddress = { local, prefixLength: 64, peer: undefined };
  return neighbor === undefined || isOnLink(neighbor, usual) ? usual : { ...usual, prefixLength: 10 };
}

/** True where the address of ours gives the kernel a route to `neighbor` over this link. */
export function isOnLink(neighbor: IpAddress, { local, peer, prefixLength }: InterfaceAddress): boolean {
  const network = parsePrefix(`${peer ?? local}/${prefixLength}`);
  return network !== undefined && isWithin(neighbor, network);
}

/** The address at the other end of a tunnel address of ours, and whether the two are a /31 or /127. */
export function farEnd({
  local,
  peer,
  prefixLength,
}: InterfaceAddress): { readonly address: IpAddress; readonly inPair: boolean } | undefined {
  const inPair = peer === undefined && prefixLength === (local.includes(':') ? 127 : 31);
  const address = parseIp(peer ?? local);
  if (address === undefined || (peer === undefined && !inPair)) return undefined;
  return { address: inPair ? otherEnd(address) : address, inPair };
}

/** Why the tunnel cannot carry BGP with one of the neighbor's addresses; undefined where it can. */
export function whyUnreachable(session: Session, node: NodeIdentity): string | undefined {
  const addresses = tunnelAddresses(session, node);
  const lost = sessionProtocols(session, '').find(
    ({ neighbor }) => !addresses.some((address) => isOnLink(neighbor, address)),
  )?.neighbor;
  if (lost === undefined) return undefined;
  if (isLinkLocal(lost))
    return 'this node has no link-local address: neither the control plane nor an IPv6 loopback gives one';
  return `this node has no ${lost.includes(':') ? 'IPv6' : 'IPv4'} loopback address to speak with ${lost} from`;
}
