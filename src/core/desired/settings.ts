import type { CommunityTable } from '../model/control-plane.js';
import type { RouteCollector, RoutingPolicy } from '../model/routing.js';
import type { Asn } from '../model/values/asn.js';
import type { Prefix } from '../model/values/ip.js';
import type { NftSet } from '../model/values/port-set.js';
import type { OperatorOptions } from './options/operator-options.js';

/** What the configuration says of this node. */
export interface NodeSettings {
  readonly nodeName: string;
  readonly birdMode: 'full' | 'include';
  readonly keepaliveSeconds: number;
  readonly loopbackInterface: string;
  /** Of the node's own HTTP API; undefined where it is not known before it listens. */
  readonly apiPort?: number | undefined;
  /** The kernel's table for the routes of DN42; undefined: the main one. */
  readonly kernelTable?: number | undefined;
  /** The operator's set of ports that the agent keeps; undefined: none. */
  readonly nftSet?: NftSet | undefined;
  /** What the operator wants of single sessions. */
  readonly sessions: readonly OperatorOptions[];
  /** What the operator of this node adds to the network's policy. */
  readonly policy: {
    readonly roaUnknown: RoutingPolicy['roaUnknown'];
    /** Groups of communities that take the place of the network's: DN42's own, or a table. */
    readonly communities?: Readonly<Record<string, 'wiki' | CommunityTable[string] | undefined>> | undefined;
    readonly blockedAsns: readonly Asn[];
    readonly customers: RoutingPolicy['customers'];
    readonly ownPrefixes: RoutingPolicy['ownPrefixes'];
    /** What becomes of our own blocks while no other node of ours is reached. */
    readonly whenAlone: RoutingPolicy['ownBlocks'];
    readonly collector: RouteCollector | undefined;
    /** Networks that this node depends on and reaches through DN42. */
    readonly throughDn42: readonly Prefix[];
    /** Where a neighbor's address may be beyond DN42's ranges. */
    readonly neighborRanges: readonly Prefix[];
  };
}

/** What the routing needs and neither the control plane nor the system shows. */
export interface RoutingMemory {
  /** Session uuid → index of its link's latency tier. */
  readonly latencyTiers: Readonly<Record<string, number>>;
  readonly maintenance: boolean;
}
