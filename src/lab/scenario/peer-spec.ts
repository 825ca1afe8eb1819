import type { DaemonKind } from '../hosts/bgp-daemon.js';
import { type Announcement, castPeer, type Policy } from './announcements.js';
import type { NodeSpec } from './node-spec.js';
import { asn } from './numbers.js';

/**
 * How the two sides speak BGP: both families over link-local with RFC 8950 next hops; both families with IPv4 next
 * hops; or one session per family on the tunnel's addresses.
 */
export type PeerKind = 'extended-next-hop' | 'mp-bgp' | 'separate';

/** Who has written the session's row, which decides what stands in which of its fields. */
export type Writer = 'bot' | 'web';

/** A network of another ASN with one router, and its session with one of our nodes. */
export interface PeerSpec {
  readonly asn: number;
  readonly node: NodeSpec;
  /** What its router runs, with the defaults of that; nothing where there is only what its end of the session does. */
  readonly daemon: DaemonKind | 'simulated';
  readonly kind: PeerKind;
  readonly writer: Writer;
  /** Which IPv6 address of the peer BGP is spoken with. */
  readonly neighbor: 'link-local' | 'ULA';
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
  /** A ULA of ours on the tunnel, which the bot was given in the place of a link-local; the peer dials our usual link-local. */
  readonly ownUla: string | undefined;
  readonly session: {
    readonly uuid: string;
    readonly interface: string;
    readonly port: number;
    readonly mtu: number;
  };
}

/** What of ours a row names: the link-local that DN42 knows us by, a ULA, or nothing. */
type Named = 'short link-local' | 'ULA' | 'nothing';

// The lab's peers take these in turn.
const forms: readonly (readonly [kind: PeerKind, writer: Writer, named: Named])[] = [
  ['extended-next-hop', 'bot', 'short link-local'],
  ['mp-bgp', 'web', 'nothing'],
  ['separate', 'bot', 'nothing'],
  ['extended-next-hop', 'bot', 'ULA'],
  ['mp-bgp', 'bot', 'short link-local'],
  ['separate', 'bot', 'nothing'],
];

export const mostPeers = 24;

/** The peer with this index, at the node whose turn it is. */
export function makePeer(index: number, nodes: readonly NodeSpec[]): PeerSpec {
  const node = nodes[index % nodes.length];
  const form = forms[index % forms.length];
  if (!node || !form) throw new RangeError('a scenario needs at least one node');
  const [kind, writer, named] = form;
  const number = 1000 + index;
  const peerAsn = 4242420000 + number;
  const own = [`172.20.${16 + index}.0/26`, `fd42:4242:${number}::/48`];
  return {
    asn: peerAsn,
    node,
    daemon: 'BIRD',
    kind,
    writer,
    neighbor: kind === 'separate' ? 'ULA' : 'link-local',
    ...castPeer(index, peerAsn, own),
    address: `198.51.100.${101 + index}`,
    listenPort: 51_900 + index,
    hostName: kind === 'extended-next-hop' ? `peer${number}.example.net` : undefined,
    dialsIn: kind === 'separate',
    hasPresharedKey: kind === 'separate',
    ipv4: `172.20.${16 + index}.1`,
    ipv6: `fd42:4242:${number}::1`,
    linkLocal: `fe80::${number}`,
    toldLinkLocal: named === 'short link-local' ? `fe80::${asn % 10_000}` : node.linkLocal,
    ownUla: named === 'ULA' ? `fd00:4242:7777:fffe::${number}` : undefined,
    session: {
      uuid: `6f0d0c52-3f1b-4a0e-9d57-${String(asn + index).padStart(12, '0')}`,
      interface: `dn42_${number}`,
      // The web knows of no port: its users are told the default.
      port: writer === 'web' ? 30_000 + (peerAsn % 10_000) : 24_000 + index,
      mtu: 1420,
    },
  };
}
