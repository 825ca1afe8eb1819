import type { PublicOptions } from '../../core/model/session-options.js';
import type { KernelSync } from '../../core/verdict/node/kernel-sync.js';
import type { RpkiCache } from '../../core/verdict/node/rpki-caches.js';
import type { PassAges } from '../../core/verdict/progress.js';
import type { Trouble } from '../../core/verdict/trouble.js';

/** The node's state: what `status` prints, `/health` summarizes and `debug bundle` keeps. Holds no secret. */
export interface NodeStatus {
  readonly agent: {
    readonly version: string;
    readonly pid: number;
    readonly node: string;
    readonly uptimeSeconds: number;
  };
  readonly health: 'ok' | 'degraded';
  /** What is wrong and the operator or the agent must act on, one sentence each, worst first; empty when healthy. */
  readonly problems: readonly string[];
  /** Neighbors and nodes that are offline, do not answer or refuse, while all is right here; a sentence each. */
  readonly peerSide?: readonly string[] | undefined;
  /** How many sessions and mesh peers have which kind of trouble. */
  readonly troubles?: { readonly needsYou: number; readonly working: number; readonly peerSide: number };
  readonly controlPlane: {
    readonly url: string;
    readonly reachable: boolean;
    /** Unix seconds of the last answer; undefined before the first. */
    readonly lastAnswerSeconds: number | undefined;
    readonly error: string | undefined;
  };
  readonly bird: {
    readonly running: boolean;
    readonly version: string | undefined;
    /** Why it is not running; undefined where it is, or before the first look. */
    readonly reason: string | undefined;
  };
  /** What the node itself needs besides its sessions; undefined before the first pass. */
  readonly system?: SystemStatus | undefined;
  /** Undefined while traffic is not led away from this node. */
  readonly maintenance: { readonly sinceSeconds: number } | undefined;
  readonly lastPass:
    | {
        readonly atSeconds: number;
        readonly durationMs: number;
        readonly changes: number;
        readonly failures: number;
      }
    | undefined;
  /** How current all this is. */
  readonly pass: PassAges;
  /**
   * Facts that are no fault, one sentence each: on the configuration, and on objects from before the agent that it leaves
   * alone, or keeps as they were.
   */
  readonly notes?: readonly string[];
  /** Running sessions that the control plane's list leaves out and that the agent keeps, because it doubts the list. */
  readonly withheld: readonly string[];
  readonly sessions: readonly SessionRow[];
  readonly mesh: readonly MeshRow[];
}

/** The node's own BIRD protocols, and the kernel's settings that matter to a router. */
export interface SystemStatus {
  /** Those of the node's own files, with iBGP and RPKI; empty where BIRD does not answer. */
  readonly protocols: readonly {
    readonly name: string;
    /** BIRD's word: `kernel`, `babel`, `bgp`, ... */
    readonly type: string;
    readonly state: string;
    /** True where it works: for BGP, Established; for RPKI, the cache answers. */
    readonly isUp: boolean;
  }[];
  /** Whether BIRD exports its routes to the kernel, for each address family of the node's BGP. */
  readonly kernel: readonly KernelSync[];
  readonly caches: readonly Omit<RpkiCache, 'protocol'>[];
  /** The ROAs that the agent saved for the time when no cache answers; absent where there are none. */
  readonly savedRoas?:
    | { readonly atSeconds: number; readonly count: number; readonly isUsed: boolean }
    | undefined;
  /** Undefined where the kernel lacks the family, or before the first look. */
  readonly forwarding: { readonly ipv4: boolean | undefined; readonly ipv6: boolean | undefined };
  /** Tunnels on which rp_filter drops asymmetric traffic. */
  readonly strictRpFilter: readonly string[];
  /** Interfaces that need IPv6 addresses, which the kernel's settings forbid. */
  readonly ipv6Disabled: readonly string[];
  /** The node's own protocols that the last pass had to enable. */
  readonly repaired: readonly string[];
}

export interface TunnelState {
  readonly present: boolean;
  readonly endpoint: string | undefined;
  /** Undefined without a handshake. */
  readonly handshakeSecondsAgo: number | undefined;
  readonly rxBytes: number;
  readonly txBytes: number;
}

/** A pause before what failed is tried again. */
export interface Retry {
  /** How many tries in a row failed. */
  readonly failures: number;
  /** Unix seconds of the next try. */
  readonly atSeconds: number;
  /** True where it failed so often that the agent tries only once an hour. */
  readonly isHourly: boolean;
}

export interface SessionRow {
  readonly uuid: string;
  readonly asn: number | undefined;
  readonly description: string | undefined;
  readonly interface: string | undefined;
  /** The control plane's status: `active`, `queued-for-setup`, ...; undefined where the agent does not understand it. */
  readonly status: string | undefined;
  /**
   * `ok`; `degraded` (Established, and does not carry all that it is to carry); `waiting` (configured, not Established yet); `error`;
   * `refused`; `disabled` (by an operator, on this node); `ignored` (disabled by the control plane, pending, ...).
   */
  readonly state: 'ok' | 'degraded' | 'waiting' | 'error' | 'refused' | 'disabled' | 'ignored';
  readonly tunnel: TunnelState | undefined;
  readonly bgp:
    | {
        readonly protocols: readonly string[];
        readonly state: string;
        readonly since: string;
        readonly info: string;
      }
    | undefined;
  /** How often its BGP went down within the last 24 hours. */
  readonly flaps: number;
  readonly rttMs: number | undefined;
  /** The part of the last pings that was lost, 0 to 1. */
  readonly loss?: number | undefined;
  /** The last round-trip times in milliseconds, oldest first; null where nothing answered. */
  readonly rttHistory?: readonly (number | null)[] | undefined;
  /** Index of the link's latency tier, 0 the fastest; undefined until it was measured. */
  readonly latencyTier: number | undefined;
  readonly routesImported: number | undefined;
  readonly routesExported: number | undefined;
  /** Routes of the neighbor that the agent's filter refuses. */
  readonly routesRefused?: number | undefined;
  readonly error: string | undefined;
  /** What is wrong, who has to act on it, and what happens next; absent where nothing is wrong. */
  readonly trouble?: Trouble | undefined;
  /** Why the row's addresses may belong to somebody else than the agent assumes; absent where nothing suggests that. */
  readonly doubt?: string | undefined;
  /** What it has of its own, by the operator's file or its data at the control plane; of a password, that there is one. */
  readonly options?: PublicOptions | undefined;
  /** BGP options that apply when it goes down; absent where none wait. */
  readonly pending?: readonly string[] | undefined;
  /** Undefined where nothing waits. */
  readonly retry: Retry | undefined;
}

export interface MeshRow {
  readonly nodeId: number;
  readonly name: string;
  readonly interface: string;
  readonly tunnel: TunnelState | undefined;
  /** BIRD's state of the iBGP with this node, such as `Established`; undefined where there is to be none. */
  readonly bgp?: string | undefined;
  readonly rttMs: number | undefined;
  readonly loss?: number | undefined;
  readonly error: string | undefined;
  /** As of a session. */
  readonly trouble?: Trouble | undefined;
  readonly retry: Retry | undefined;
}

/** What a resync did: the changes with their reasons, and what failed. */
export interface ResyncResult {
  readonly ok: boolean;
  readonly changes: readonly string[];
  readonly errors: readonly string[];
}
