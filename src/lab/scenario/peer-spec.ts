import { type Announcement, castPeer, type Policy } from './announcements.js';
import type { NodeSpec } from './node-spec.js';
import { asn } from './numbers.js';

/**
 * How the two sides speak BGP: both families over link-local with RFC 8950 next hops; both families with IPv4 next
 * hops; or one session per family on the tunnel's addresses.
 */
export type PeerKind = 'extended-next-hop' | 'mp-bgp' | 'separate';

/** A network of another ASN with one router, and its session with one of our nodes. */
export interface PeerSpec {
  readonly asn: number;
  readonly node: NodeSpec;
  readonly kind: PeerKind;
  readonly policy: Policy;
  readonly announces: readonly Announcement[];
  readonly address: string;
  readonly listenPort: number;
  /** The name under which the node dials it; undefined where the address is used. */
  readonly hostName: string | undefined;
  /** True where the peer has no fixed endpoint and dials in. */
  readonly dialsIn: boolean;
  readonly hasPresharedKey: boolean;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly linkLocal: string;
  /** The node's link-local as the peer was told it: the bot tells one that is not the node's usual one. */
  readonly toldLinkLocal: string;
  readonly session: {
    readonly uuid: string;
    readonly interface: string;
    readonly port: number;
    readonly mtu: number;
  };
}

const kinds: readonly PeerKind[] = ['extended-next-hop', 'mp-bgp', 'separate'];

export const mostPeers = 24;

/** The peer with this index, at the node whose turn it is. */
export function makePeer(index: number, nodes: readonly NodeSpec[]): PeerSpec {
  const node = nodes[index % nodes.length];
  const kind = kinds[index % kinds.length];
  if (!node || !kind) throw new RangeError('a scenario needs at least one node');
  const number = 1000 + index;
  const peerAsn = 4242420000 + number;
  const own = [`172.20.${16 + index}.0/26`, `fd42:4242:${number}::/48`];
  return {
    asn: peerAsn,
    node,
    kind,
    ...castPeer(index, peerAsn, own),
    address: `198.51.100.${101 + index}`,
    listenPort: 51_900 + index,
    hostName: kind === 'extended-next-hop' ? `peer${number}.example.net` : undefined,
    dialsIn: kind === 'separate',
    hasPresharedKey: kind === 'mp-bgp',
    ipv4: `172.20.${16 + index}.1`,
    ipv6: `fd42:4242:${number}::1`,
    linkLocal: `fe80::${number}`,
    toldLinkLocal: kind === 'extended-next-hop' ? `fe80::${asn % 10_000}` : node.linkLocal,
    session: {
      uuid: `6f0d0c52-3f1b-4a0e-9d57-${String(asn + index).padStart(12, '0')}`,
      interface: `dn42_${number}`,
      port: 24_000 + index,
      mtu: 1420,
    },
  };
}
