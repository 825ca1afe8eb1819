import type { BootstrapConfig, Snapshot } from '../model/control-plane.js';
import type { DisabledSessions } from '../model/disabled.js';
import type { Observed } from '../model/observed.js';
import type { Preserved } from '../model/preserved.js';
import type { Readings } from './read-addresses.js';
import type { CacheAddresses } from './rpki-caches.js';
import type { NodeSettings, RoutingMemory } from './settings.js';
import type { Withdrawal } from './withdrawal.js';

/** What the wishes for a node follow from. */
export interface NodeInput {
  /** The control plane's answers, of which at least the bootstrap configuration is known. */
  readonly snapshot: Snapshot & { readonly config: BootstrapConfig };
  readonly settings: NodeSettings;
  readonly key: NodeKey;
  readonly observed: Observed;
  /** Interfaces that the agent remembers to have begun. */
  readonly creating: readonly string[];
  readonly memory: DesireMemory;
  readonly orders: Orders;
}

/** What is known of this node's WireGuard key pair. Neither a key nor a problem: there is no pair yet. */
export interface NodeKey {
  readonly publicKey: string | undefined;
  /** What is wrong with its files, in words. */
  readonly keyProblem?: string | undefined;
}

/** What an operator says for one pass. */
export interface Orders {
  /** True: the list is right, also where it leaves out many sessions. */
  readonly believeList?: boolean;
  /** True: the agent may adopt what is in doubt, and reset or end sessions. */
  readonly adopt?: boolean;
}

/** What a pass has to know of the ones before. */
export interface DesireMemory extends RoutingMemory {
  readonly withdrawal: Withdrawal | undefined;
  readonly sessions: SessionMemory;
  /** What must stay as the agent found it. */
  readonly preserved: Preserved;
  /** The addresses that the RPKI caches had. */
  readonly cacheAddresses: CacheAddresses;
  /** True where BIRD may not have loaded what lies in its directory. */
  readonly reloadPending: boolean;
}

/** What is remembered of single sessions, by their uuid. */
interface SessionMemory {
  /** The routed addresses of the neighbor that were found good before. */
  readonly neighbors: Readonly<Record<string, readonly string[]>>;
  /** The sessions that an operator has switched off on this node. */
  readonly disabled: DisabledSessions;
  /** Sessions that have been Established since they were last set up. */
  readonly wereUp: ReadonlySet<string>;
  /** How the row was read before. */
  readonly readings: Readings;
}
