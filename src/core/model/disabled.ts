/** A session whose BGP an operator has disabled on this node. */
export interface Disabled {
  /** `birdc disable`, or `moenet-agent disable`. */
  readonly by: 'birdc' | 'moenet-agent';
  /** `draining`: the agent first leads its traffic away. `off`. `returning`: enabled again, but BIRD does not run it yet. */
  readonly phase: 'draining' | 'off' | 'returning';
  /** True where the session's option `shutdown` says so; `by` does not count then. */
  readonly isShutdown?: boolean | undefined;
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
