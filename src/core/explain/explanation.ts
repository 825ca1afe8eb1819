/** One line of an explanation: `MTU` `1420`, and where it comes from or what it means. */
export interface Fact {
  readonly what: string;
  readonly value: string;
  readonly why?: string | undefined;
}

/** What differs from what is desired. */
export interface ExplainedDifference {
  /** The change that would end it, in words. */
  readonly change: string;
  readonly why: string;
  /** Why the agent does not make it now; absent where it is made in the next pass. */
  readonly waits?: string | undefined;
}

/** A change that the agent made, or tried, on behalf of one owner. */
export interface RecentChange {
  /** Unix seconds of the pass. */
  readonly atSeconds: number;
  readonly change: string;
  readonly why: string;
  /** Why it failed; absent where the pass has read back that it is done. */
  readonly failed?: string | undefined;
}

/** The routes of a session that the import filter refused for one reason. */
export interface RefusedGroup {
  /** In the large community (our AS, 9002, reason); absent where the route has none. */
  readonly reason: number | undefined;
  readonly words: string;
  readonly count: number;
  readonly examples: readonly string[];
}

export interface ExplainedProtocol {
  readonly name: string;
  /** `Established`, `Connect`, `not running`, ... */
  readonly state: string;
  readonly stateWords: string;
  readonly since: string | undefined;
  readonly lastError: string | undefined;
  /** The last error in words. */
  readonly lastErrorWords: string | undefined;
  /** BIRD's own timers, such as the time until it dials again. */
  readonly timers: readonly string[];
  /** What both ends offer (RFC 5492); absent while it is not Established. */
  readonly capabilities:
    | {
        readonly both: readonly string[];
        readonly onlyUs: readonly string[];
        readonly onlyNeighbor: readonly string[];
      }
    | undefined;
}

/** Something seen here that the neighbor can change. */
export interface PeerAdvice {
  readonly symptom: string;
  readonly advice: string;
}

/** All that the agent knows of one session or mesh peer. Holds no secret. */
export interface Explanation {
  readonly kind: 'session' | 'mesh';
  /** `AS4242421080 over dn42_4242421080 (session abc-123)`. */
  readonly title: string;
  /** The interface, by which other commands name it; the uuid where it has none. */
  readonly name: string;
  readonly state: string;
  /** The verdict in a sentence. */
  readonly summary: string;
  readonly controlPlane: readonly Fact[];
  readonly desired: readonly Fact[];
  readonly observed: readonly Fact[];
  readonly protocols: readonly ExplainedProtocol[];
  readonly differences: readonly ExplainedDifference[];
  readonly changes: readonly RecentChange[];
  readonly rtt: ExplainedRtt | undefined;
  readonly refusedRoutes: readonly RefusedGroup[];
  /** What the agent does next, and when. */
  readonly next: readonly string[];
  readonly advice: readonly PeerAdvice[];
  /** What could not be read freshly, and how old what is shown is. */
  readonly notes: readonly string[];
}

export interface ExplainedRtt {
  readonly target: string;
  readonly lastMs: number | undefined;
  /** 0 to 1. */
  readonly loss: number | undefined;
  readonly tier: number | undefined;
  readonly averageMs: number | undefined;
  /** Oldest first; a lost ping has no time. */
  readonly history: readonly { readonly atSeconds: number; readonly rttMs: number | undefined }[];
}

/** One of several things that a word may mean. */
interface Match {
  readonly name: string;
  readonly title: string;
  readonly state: string;
}

/** The answer to `explain`. */
export interface Explained {
  /** Absent unless the word means exactly one thing. */
  readonly explanation?: Explanation | undefined;
  /** What the word may mean, where it is more than one. */
  readonly matches: readonly Match[];
  /** Where it means nothing: what could be named, for a hint. */
  readonly names: readonly string[];
}
