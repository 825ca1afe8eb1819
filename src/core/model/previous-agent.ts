import type { Owner } from './owner.js';
import { nothingPreserved, type Preserved } from './preserved.js';

/** A session that would be reset or ended, and why. */
export interface Obstacle {
  readonly protocol: string;
  readonly why: string;
}

/** An interface that looks like the previous agent's, but that the agent does not adopt by itself. */
export interface DoubtfulTunnel {
  readonly interface: string;
  readonly why: string;
  /** Its owner by the control plane's lists; undefined where they have no such interface. */
  readonly owner: Owner | undefined;
  /** False where even `adopt` leaves it alone. */
  readonly adoptable: boolean;
}

/** The interfaces without a mark that concern the agent. */
export interface PreviousTunnels {
  /** Those that the agent adopts, with their owners. */
  readonly adopted: ReadonlyMap<string, Owner>;
  /** Those that the agent removes, by an operator's order. */
  readonly orphans: readonly string[];
  readonly doubtful: readonly DoubtfulTunnel[];
}

/** What a pass has to remember, and to tell, of what was there before the agent. */
export interface PreviousAgentState extends PreviousTunnels {
  /** What the agent preserves; it remembers this before it changes anything. */
  readonly preserved: Preserved;
  /** True where the previous configuration leads traffic away from this node. */
  readonly maintenance: boolean;
  /** Ended sessions that still have a protocol in another configuration. */
  readonly ended: ReadonlySet<string>;
  /** Sessions that would be reset or ended: while there are any, BIRD's files stay unchanged. */
  readonly obstacles: readonly Obstacle[];
}

/** What a previous agent's node forbids, or adds to what is wanted. */
export interface Constraints extends PreviousAgentState {
  /** Mark → the addresses that its tunnel must keep. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Mark → the names of its protocols where they differ from the agent's own names. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Why BIRD's files stay unchanged, and what the operator can do; undefined where nothing blocks them. */
  readonly adoptionBlocked: string | undefined;
  /** Other files that the agent removes: its own have their protocols now, or the protocols end. */
  readonly replaced: readonly string[];
}

/** Those of a node without a previous agent. */
export const noConstraints: Constraints = {
  preserved: nothingPreserved,
  maintenance: false,
  ended: new Set(),
  obstacles: [],
  adopted: new Map(),
  orphans: [],
  doubtful: [],
  addresses: {},
  names: {},
  adoptionBlocked: undefined,
  replaced: [],
};
