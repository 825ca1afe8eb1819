import type { Owner } from './owner.js';
import { nothingPreserved, type Preserved } from './preserved.js';

/** A session that would be reset or ended, and why. */
export interface Obstacle {
  readonly protocol: string;
  readonly why: string;
}

/** An interface that looks like the previous agent's and the agent does not adopt by itself. */
export interface DoubtfulTunnel {
  readonly interface: string;
  readonly why: string;
  /** Whose it would be; undefined where nobody on the control plane's lists has such an interface. */
  readonly owner: Owner | undefined;
  /** False where also `adopt` leaves it alone. */
  readonly adoptable: boolean;
}

/** The interfaces without a mark that the agent has to do with. */
export interface PreviousTunnels {
  /** Those that become the agent's, with their owners. */
  readonly adopted: ReadonlyMap<string, Owner>;
  /** Those that are to go, by an operator's word. */
  readonly orphans: readonly string[];
  readonly doubtful: readonly DoubtfulTunnel[];
}

/** What a pass has to remember, and to tell, of what was there before the agent. */
export interface PreviousAgentState extends PreviousTunnels {
  /** What must stay as the agent found it, to be remembered before anything is changed. */
  readonly preserved: Preserved;
  /** True where the configuration that goes leads traffic away from this node. */
  readonly maintenance: boolean;
  /** Sessions whose end is wanted and of which another configuration still has a protocol. */
  readonly ended: ReadonlySet<string>;
  /** Sessions that would be reset or ended: while there are any, BIRD's files stay as they are. */
  readonly obstacles: readonly Obstacle[];
}

/** What the past of a node forbids, or adds to what is wanted of it. */
export interface Constraints extends PreviousAgentState {
  /** Mark → the addresses that its tunnel has to keep. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Mark → the names of its protocols where they are not what the agent would call them by itself. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Why BIRD's files cannot become the agent's, and what ends it; undefined where they can. */
  readonly adoptionBlocked: string | undefined;
  /** Files of others that go: the agent's own have their protocols now, or those are to end. */
  readonly replaced: readonly string[];
}

/** Those of a node without a past. */
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
