import type { Check } from '../checks/check.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Condition, WaitResult } from '../wait.js';

/** A change before the viewer's eyes: what is done, and what must come of it. */
export interface Step {
  readonly name: string;
  readonly done: string;
  /** The sessions that may be interrupted by it. */
  readonly touches: readonly number[];
  /** The session that goes down and must come back by itself, and why it goes. */
  readonly recovers?: { readonly peer: PeerSpec; readonly fault: string };
  act(): Promise<readonly Condition[]>;
  /** What there is to say when it is over, and what must have been so. */
  after?(result: WaitResult): Promise<Aftermath>;
}

/** A step looked back on. */
interface Aftermath {
  /** For the viewer, a line each. */
  readonly story: readonly string[];
  /** Made at once, and once. */
  readonly checks: readonly Check[];
}
