/** What the lab is made of: names, numbers and addresses, and nothing that runs. */
export interface Scenario {
  readonly asn: number;
  readonly ipv4Prefix: string;
  readonly ipv6Prefix: string;
  /** Where the control plane listens, in the middle of "the internet". */
  readonly controlPlane: { readonly address: string; readonly port: number };
  readonly nodes: readonly NodeSpec[];
  readonly peers: readonly PeerSpec[];
  /** The peer whose session is added, and deleted again, while the others run. */
  readonly newcomer: PeerSpec;
  /** A session that still waits for review: nothing of it may appear anywhere. */
  readonly pending: PeerSpec;
}

/** A router node of our own AS. */
export interface NodeSpec {
  readonly id: number;
  readonly name: string;
  /** Its address on "the internet". */
  readonly address: string;
  readonly loopbackIpv4: string;
  readonly loopbackIpv6: string;
  readonly linkLocal: string;
}

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
  readonly address: string;
  readonly listenPort: number;
  /** The name under which the node dials it; undefined where the address is used. */
  readonly hostName: string | undefined;
  /** True where the peer has no fixed endpoint and dials in. */
  readonly dialsIn: boolean;
  readonly hasPresharedKey: boolean;
  readonly ipv4: string;
  readonly ipv4Prefix: string;
  readonly ipv6: string;
  readonly ipv6Prefix: string;
  readonly linkLocal: string;
  readonly session: {
    readonly uuid: string;
    readonly interface: string;
    readonly port: number;
    readonly mtu: number;
  };
}

const asn = 4242420998;
const region = 101;
const kinds: readonly PeerKind[] = ['extended-next-hop', 'mp-bgp', 'separate'];
const nodeNames = ['jp1', 'hk1', 'sg1', 'de1', 'nl1', 'us1', 'us2', 'br1'];

export const mostNodes = nodeNames.length;
export const mostPeers = 24;

/** The scenario with `nodeCount` nodes (1 to 8) and `peerCount` peers (1 to 24) spread over them. */
export function makeScenario(nodeCount: number, peerCount: number): Scenario {
  const nodes = nodeNames.slice(0, nodeCount).map((name, index) => makeNode(name, index + 1));
  const peer = (index: number) => makePeer(index, nodes);
  return {
    asn,
    ipv4Prefix: '172.22.188.0/26',
    ipv6Prefix: 'fd00:4242:7777::/48',
    controlPlane: { address: '198.51.100.1', port: 8080 },
    nodes,
    peers: Array.from({ length: peerCount }, (_, index) => peer(index)),
    newcomer: peer(peerCount),
    pending: peer(peerCount + 1),
  };
}

function makeNode(name: string, id: number): NodeSpec {
  return {
    id,
    name,
    address: `198.51.100.${10 + id}`,
    loopbackIpv4: `172.22.188.${id}`,
    loopbackIpv6: `fd00:4242:7777:${region}:${id}::1`,
    linkLocal: `fe80::${asn % 10_000}:${region}:${id}:1`,
  };
}

function makePeer(index: number, nodes: readonly NodeSpec[]): PeerSpec {
  const node = nodes[index % nodes.length];
  const kind = kinds[index % kinds.length];
  if (!node || !kind) throw new RangeError('a scenario needs at least one node');
  const number = 1000 + index;
  return {
    asn: 4242420000 + number,
    node,
    kind,
    address: `198.51.100.${101 + index}`,
    listenPort: 51_900 + index,
    hostName: kind === 'extended-next-hop' ? `peer${number}.example.net` : undefined,
    dialsIn: kind === 'separate',
    hasPresharedKey: kind === 'mp-bgp',
    ipv4: `172.20.${16 + index}.1`,
    ipv4Prefix: `172.20.${16 + index}.0/26`,
    ipv6: `fd42:4242:${number}::1`,
    ipv6Prefix: `fd42:4242:${number}::/48`,
    linkLocal: `fe80::${number}`,
    session: {
      uuid: `6f0d0c52-3f1b-4a0e-9d57-${String(asn + index).padStart(12, '0')}`,
      interface: `dn42_${number}`,
      port: 24_000 + index,
      mtu: 1420,
    },
  };
}
