import type { Session } from '../../src/core/model/session.js';
import { v4, v6 } from '../unit/make.js';

/** Our node, the neighbor, and a third AS behind the neighbor whose routes the neighbor passes on to us. */
export const asns = { node: 4242420998, neighbor: 4242421080, third: 4242421081 } as const;

/** One route of each family: the node's own blocks, what the neighbor originates, and what it has of the third AS. */
export const routes = {
  node: { ipv4: '172.22.188.0/26', ipv6: 'fd00:4242:7777::/48' },
  neighbor: { ipv4: '172.21.80.0/24', ipv6: 'fd42:80::/48' },
  third: { ipv4: '172.21.81.0/24', ipv6: 'fd42:81::/48' },
} as const;

export type Family = keyof (typeof routes)['node'];
export const families: readonly Family[] = ['ipv4', 'ipv6'];

/** Addresses on the tunnel; the node's IPv4 and ULA are its loopbacks. */
export const node = {
  interface: 'wg_24001',
  linkLocal: 'fe80::998',
  ipv4: '172.22.188.1',
  ipv6: 'fd00:4242:7777:101:1::1',
} as const;
export const neighbor = {
  interface: 'to_node',
  linkLocal: 'fe80::2',
  ipv4: '172.23.91.80',
  ipv6: 'fd42:80::80',
} as const;

/** The link between the neighbor and the third AS. */
export const beyond = {
  interface: 'beyond',
  neighbor: { linkLocal: 'fe80::80', ipv4: '10.99.0.1', ipv6: 'fd99::1' },
  third: { linkLocal: 'fe80::81', ipv4: '10.99.0.2', ipv6: 'fd99::2' },
} as const;

/** A BGP session as the neighbor's operator sets it up. */
export interface NeighborSession {
  /** The node's address, without `%` and interface. */
  readonly address: string;
  readonly families: readonly Family[];
}

export type KindName =
  | 'extended next hop over link-local'
  | 'extended next hop over ULA'
  | 'MP-BGP over one session'
  | 'separate IPv4 and IPv6 sessions';

/** A kind of session: what the agent is told of it, and what follows for both sides. */
export interface Kind {
  readonly name: KindName;
  readonly session: Partial<Omit<Session, 'uuid' | 'interface'>>;
  /** The neighbor's side: one session for both families, or one for each. */
  readonly neighbor: readonly NeighborSession[];
  /** IPv4 routes have IPv6 next hops (RFC 8950). */
  readonly extendedNextHop: boolean;
  /** What the node's BIRD may have as next hop of the neighbor's route: some daemons send their link-local address along with the other one. */
  readonly nextHops: Readonly<Record<Family, readonly string[]>>;
}

const ulaHops = [neighbor.ipv6, neighbor.linkLocal];

export const kinds: readonly Kind[] = [
  {
    name: 'extended next hop over link-local',
    session: {},
    neighbor: [{ address: node.linkLocal, families }],
    extendedNextHop: true,
    nextHops: { ipv4: [neighbor.linkLocal], ipv6: [neighbor.linkLocal] },
  },
  {
    name: 'extended next hop over ULA',
    session: { ipv6: v6(neighbor.ipv6), ipv6LinkLocal: undefined },
    neighbor: [{ address: node.ipv6, families }],
    extendedNextHop: true,
    nextHops: { ipv4: ulaHops, ipv6: ulaHops },
  },
  {
    name: 'MP-BGP over one session',
    session: { extendedNextHop: false, ipv4: v4(neighbor.ipv4) },
    neighbor: [{ address: node.linkLocal, families }],
    extendedNextHop: false,
    nextHops: { ipv4: [neighbor.ipv4], ipv6: [neighbor.linkLocal] },
  },
  {
    name: 'separate IPv4 and IPv6 sessions',
    session: {
      mpBgp: false,
      extendedNextHop: false,
      ipv4: v4(neighbor.ipv4),
      ipv6: v6(neighbor.ipv6),
      ipv6LinkLocal: undefined,
    },
    neighbor: [
      { address: node.ipv4, families: ['ipv4'] },
      { address: node.ipv6, families: ['ipv6'] },
    ],
    extendedNextHop: false,
    nextHops: { ipv4: [neighbor.ipv4], ipv6: ulaHops },
  },
];
