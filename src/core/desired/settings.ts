import type { RouteCollector, RoutingPolicy } from '../model/routing.js';
import type { Asn } from '../model/values/asn.js';
import type { Prefix } from '../model/values/ip.js';

/** What the configuration says of this node. */
export interface NodeSettings {
  readonly nodeName: string;
  readonly birdMode: 'full' | 'include';
  readonly keepaliveSeconds: number;
  readonly loopbackInterface: string;
  /** Of the node's own HTTP API; undefined where it is not known before it listens. */
  readonly apiPort?: number | undefined;
  /** What the operator of this very node adds to the network's policy. */
  readonly policy: {
    readonly roaUnknown: RoutingPolicy['roaUnknown'];
    readonly blockedAsns: readonly Asn[];
    readonly collector: RouteCollector | undefined;
    /** What this node depends on and reaches by the routes of its neighbors. */
    readonly throughDn42: readonly Prefix[];
    /** Where a neighbor's address may be besides DN42's ranges. */
    readonly neighborRanges: readonly Prefix[];
  };
}

/** What the routing depends on and neither the control plane nor a look at the system tells. */
export interface RoutingMemory {
  /** Session uuid → index of its link's latency tier. */
  readonly latencyTiers: Readonly<Record<string, number>>;
  readonly maintenance: boolean;
}
