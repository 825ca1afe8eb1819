import type { BootstrapConfig, Snapshot } from '../model/control-plane.js';
import type { DisabledSessions } from '../model/disabled.js';
import type { Observed } from '../model/observed.js';
import type { Preserved } from '../model/preserved.js';
import type { Alone } from './policy/alone.js';
import type { Readings } from './read-addresses.js';
import type { CacheAddresses } from './rpki-caches.js';
import type { NodeSettings, RoutingMemory } from './settings.js';
import type { Withdrawal } from './withdrawal.js';

/** The input of `desire`. */
export interface NodeInput {
  /** The control plane's answers, of which at least the bootstrap configuration is known. */
  readonly snapshot: Snapshot & { readonly config: BootstrapConfig };
  readonly settings: NodeSettings;
  readonly key: NodeKey;
  readonly observed: Observed;
  /** Interfaces that the agent began to make, from its memory. */
  readonly creating: readonly string[];
  readonly memory: DesireMemory;
  readonly orders: Orders;
}

/** This node's WireGuard key pair. Neither a key nor a problem: there is no pair yet. */
export interface NodeKey {
  readonly publicKey: string | undefined;
  /** What is wrong with its files, in words. */
  readonly keyProblem?: string | undefined;
}

/** An operator's orders for one pass. */
export interface Orders {
  /** True: believe the list, even if it leaves out many sessions. */
  readonly believeList?: boolean;
  /** True: adopt what is doubtful, and reset or end sessions. */
  readonly adopt?: boolean;
  /** Marks of the sessions and mesh peers whose pending options apply now, which resets them. */
  readonly reset?: ReadonlySet<string>;
}

/** What a pass needs from earlier passes. */
export interface DesireMemory extends RoutingMemory {
  readonly withdrawal: Withdrawal | undefined;
  readonly sessions: SessionMemory;
  /** What the agent preserves of a previous agent's node. */
  readonly preserved: Preserved;
  /** The last addresses of the RPKI caches. */
  readonly cacheAddresses: CacheAddresses;
  /** True where BIRD may not have loaded the files in its directory. */
  readonly reloadPending: boolean;
  readonly alone: Alone;
}

/** What the agent remembers of single sessions, by uuid. */
interface SessionMemory {
  /** The routed addresses of the neighbor that passed the rules before. */
  readonly neighbors: Readonly<Record<string, readonly string[]>>;
  /** The sessions that an operator has disabled on this node. */
  readonly disabled: DisabledSessions;
  /** Sessions that have been Established since they were last set up. */
  readonly wereUp: ReadonlySet<string>;
  /** How the row was read before. */
  readonly readings: Readings;
  /** The sessions whose neighbors refuse our BGP role, see `refusedRoles`. */
  readonly refusedRoles: readonly string[];
}
