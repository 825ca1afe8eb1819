import { formatAddress, type InterfaceAddress, type Tunnel } from '../model/artifacts.js';
import {
  linkNamed,
  type Observed,
  type ObservedLink,
  type ObservedWireGuardPeer,
  wireguardNamed,
} from '../model/observed.js';
import { formatEndpoint } from '../model/values/endpoint.js';
import type { Fact } from './explanation.js';
import { ago, formatBytes } from './units.js';

/** WireGuard's keys live for three minutes (REJECT_AFTER_TIME, whitepaper section 6.1): an older handshake carries nothing. */
const freshSeconds = 180;

/** How a tunnel is, by its last handshake. */
export type Handshake = 'no tunnel' | 'never' | 'stale' | 'fresh';

/** What one look shows of a tunnel. */
export interface TunnelLook {
  readonly link: ObservedLink | undefined;
  readonly peer: ObservedWireGuardPeer | undefined;
  readonly handshake: Handshake;
  /** Undefined without one. After a step of the clock it may seem to lie ahead, and counts as now. */
  readonly handshakeSecondsAgo: number | undefined;
}

export function lookAtTunnel(tunnel: Tunnel, { links, wireguard, nowSeconds }: Observed): TunnelLook {
  const link = linkNamed(links, tunnel.interface);
  const device = wireguardNamed(wireguard, tunnel.interface);
  const peer = device?.peers.find(({ publicKey }) => publicKey === tunnel.peer.publicKey);
  const at = peer?.latestHandshakeSeconds;
  const handshakeSecondsAgo = at ? Math.max(0, nowSeconds - at) : undefined;
  return { link, peer, handshakeSecondsAgo, handshake: handshakeOf(peer, handshakeSecondsAgo) };
}

function handshakeOf(peer: ObservedWireGuardPeer | undefined, secondsAgo: number | undefined): Handshake {
  if (!peer) return 'no tunnel';
  if (secondsAgo === undefined) return 'never';
  return secondsAgo <= freshSeconds ? 'fresh' : 'stale';
}

const handshakeWords: Readonly<Record<Handshake, string>> = {
  'no tunnel': 'the interface or its peer is not there',
  never: 'no packet with the right keys has come from the peer since the tunnel was made',
  stale: 'older than three minutes: the tunnel carries nothing now, and WireGuard keeps trying',
  fresh: 'younger than three minutes: the tunnel works',
};

/** What the tunnel is to be. `why` says where an address of ours comes from. */
export function wantedTunnel(tunnel: Tunnel, why: (address: InterfaceAddress) => string): Fact[] {
  const { peer, listenPort, mtu } = tunnel;
  const { endpoint } = peer;
  return [
    {
      what: 'tunnel',
      value: `${tunnel.interface}, WireGuard, MTU ${mtu}, listens on UDP port ${listenPort}`,
    },
    {
      what: 'endpoint',
      value: endpoint ? formatEndpoint(endpoint.host, endpoint.port) : 'none',
      why: endpoint ? 'this node dials it' : 'this node waits for the peer to dial',
    },
    ...tunnel.addresses.map((address) => ({
      what: 'our address',
      value: formatAddress(address),
      why: why(address),
    })),
    {
      what: 'keepalive',
      value: `${peer.persistentKeepaliveSeconds} s`,
      why: 'keeps NAT and firewalls on the way open',
    },
  ];
}

/** What is there of the tunnel. */
export function seenTunnel(tunnel: Tunnel, look: TunnelLook): Fact[] {
  const { link, peer, handshake, handshakeSecondsAgo } = look;
  const missing = tunnel.addresses.filter(
    ({ local }) => !link?.addresses.some((address) => address.local === local),
  );
  return [
    {
      what: 'interface',
      value: link
        ? `${link.name}, ${link.up ? 'up' : 'down'}, MTU ${link.mtu}`
        : `${tunnel.interface} is not there`,
    },
    ...(link && missing.length > 0
      ? [{ what: 'missing', value: missing.map(formatAddress).join(', '), why: 'the next pass adds it' }]
      : []),
    {
      what: 'handshake',
      value: handshakeSecondsAgo === undefined ? 'never' : ago(handshakeSecondsAgo),
      why: handshakeWords[handshake],
    },
    ...(peer
      ? [
          { what: 'peer speaks from', value: peer.endpoint ?? 'not known yet' },
          {
            what: 'traffic',
            value: `${formatBytes(peer.rxBytes)} received, ${formatBytes(peer.txBytes)} sent`,
            why: 'since the tunnel was made',
          },
        ]
      : []),
  ];
}
