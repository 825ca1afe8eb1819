/** A session whose BGP an operator has switched off on this node. */
export interface Disabled {
  /** `birdc disable`, or `moenet-agent disable`. */
  readonly by: 'birdc' | 'moenet-agent';
  /** `draining`: its traffic is led away first. `off`. `returning`: an operator enabled it, and BIRD does not run it yet. */
  readonly phase: 'draining' | 'off' | 'returning';
  /** Unix seconds. */
  readonly sinceSeconds: number;
  /** Unix seconds of the end of draining. */
  readonly drainedAtSeconds?: number | undefined;
  /** The protocols that are off, where not all of the session's are. */
  readonly protocols?: readonly string[] | undefined;
  /** What the operator said to BIRD: `birdc disable NAME "words"`. */
  readonly words?: string | undefined;
}

/** Session uuid → how it is disabled. */
export type DisabledSessions = Readonly<Record<string, Disabled>>;
