import {
  betweenAsn,
  distantNetwork,
  foreignPrefixes,
  ownCorners,
  robbedNetwork,
  unregisteredNetwork,
} from './numbers.js';

/** A session's policy, in the control plane's words: from our side of the link. */
export type Policy = 'full' | 'peer' | 'upstream' | 'downstream';

/** Why a node must refuse what a peer announces. */
export type Refusal = 'not of DN42' | 'our own prefix' | 'not originated by the neighbor' | 'RPKI-invalid';

/** Networks that a peer announces, an IPv4 and an IPv6 prefix, and what must become of it. */
export interface Announcement {
  readonly what: 'its own' | 'transit' | 'a leak' | 'a hijack' | 'ours' | 'not DN42';
  readonly prefixes: readonly string[];
  /** The last ASN of the path. */
  readonly origin: number;
  /** The ASN between the peer and the origin, where there is one. */
  readonly between?: number;
  /** Undefined where it must be accepted. */
  readonly refused: Refusal | undefined;
}

/** What the peers do besides announcing their own networks. The lab's peers take these parts in turn. */
interface Part {
  readonly policy: Policy;
  announces(self: number, index: number): readonly Announcement[];
}

/** By the policy `peer`, what a neighbor learned from others is refused. */
const leak: Announcement = {
  what: 'a leak',
  prefixes: distantNetwork.prefixes,
  origin: distantNetwork.asn,
  refused: 'not originated by the neighbor',
};

/** By the policy `upstream`, what no ROA proves to be from a customer of the neighbor is refused. */
const unprovenLeak: Announcement = {
  ...leak,
  prefixes: unregisteredNetwork.prefixes,
  origin: unregisteredNetwork.asn,
};

/** By the policies `full` and `downstream` it is accepted. */
const transitToDistant: Announcement = { ...leak, what: 'transit', refused: undefined };

/**
 * The same network over a longer path, so that it is certain which way is taken: of two paths of one length a node takes the
 * one to the nearer of our nodes, and that is a matter of measured milliseconds (BIRD 2.14 and newer).
 */
const longerTransitToDistant: Announcement = { ...transitToDistant, between: betweenAsn };

const parts: readonly Part[] = [
  {
    policy: 'full',
    announces: (self, index) => [
      transitToCustomer(index),
      { what: 'not DN42', prefixes: foreignPrefixes, origin: self, refused: 'not of DN42' },
      { what: 'ours', prefixes: ownCorners, origin: self, refused: 'our own prefix' },
    ],
  },
  { policy: 'peer', announces: () => [leak] },
  {
    policy: 'upstream',
    announces: (self, index) => [
      transitToCustomer(index),
      unprovenLeak,
      { what: 'a hijack', prefixes: robbedNetwork.prefixes, origin: self, refused: 'RPKI-invalid' },
    ],
  },
  { policy: 'downstream', announces: () => [transitToDistant] },
  { policy: 'peer', announces: () => [] },
  { policy: 'downstream', announces: () => [longerTransitToDistant] },
];

/** The part of the peer with this index: its policy, and all that it announces, its own networks first. */
export function castPeer(
  index: number,
  self: number,
  own: readonly string[],
): { readonly policy: Policy; readonly announces: readonly Announcement[] } {
  const part = parts[index % parts.length];
  if (!part) throw new RangeError('there are no parts');
  return {
    policy: part.policy,
    announces: [
      { what: 'its own', prefixes: own, origin: self, refused: undefined },
      ...part.announces(self, index),
    ],
  };
}

function transitToCustomer(index: number): Announcement {
  return {
    what: 'transit',
    prefixes: [`172.21.${16 + index}.0/26`, `fd42:4242:${3000 + index}::/48`],
    origin: 4242423000 + index,
    refused: undefined,
  };
}
