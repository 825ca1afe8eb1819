import type { Kept } from './kept.js';
import type { Owner } from './owner.js';

/** A session that would be reset or ended, and why. */
export interface Obstacle {
  readonly protocol: string;
  readonly why: string;
}

/** An interface that looks like the previous agent's and is not taken over by itself. */
export interface DoubtfulTunnel {
  readonly interface: string;
  readonly why: string;
  /** Whose it would be; undefined where nobody on the control plane's lists has such an interface. */
  readonly owner: Owner | undefined;
  /** False where also `adopt` leaves it alone. */
  readonly adoptable: boolean;
}

export interface FormerState {
  /** To be remembered before anything is changed. */
  readonly kept: Kept;
  /** True where the configuration that goes leads traffic away from this node. */
  readonly maintenance: boolean;
  /** Interfaces that become the agent's, with their owners. */
  readonly taken: ReadonlyMap<string, Owner>;
  /** Sessions whose end is wanted and of which another configuration still has a protocol. */
  readonly ended: ReadonlySet<string>;
  /** Interfaces that are to go, by an operator's word. */
  readonly orphans: readonly string[];
  readonly doubtful: readonly DoubtfulTunnel[];
  /** Sessions for which BIRD's files are left as they are. */
  readonly obstacles: readonly Obstacle[];
  /** One sentence for each thing that is left alone or kept as it was. */
  readonly notes: readonly string[];
}
