import type { KernelSync } from '../../core/verdict/node/kernel-sync.js';
import type { RpkiCache } from '../../core/verdict/node/rpki-caches.js';
import type { PassAges } from '../../core/verdict/progress.js';

/** The node at a glance: what `status` prints, `/health` sums up and `debug bundle` keeps. Holds no secret. */
export interface NodeStatus {
  readonly agent: {
    readonly version: string;
    readonly pid: number;
    readonly node: string;
    readonly uptimeSeconds: number;
  };
  readonly health: 'ok' | 'degraded';
  /** What is wrong, one sentence each, worst first; empty when healthy. */
  readonly problems: readonly string[];
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
    /** Why it is not running; undefined where it is, or where nobody has looked yet. */
    readonly reason: string | undefined;
  };
  /** What the node itself needs beside its sessions; undefined before the first pass. */
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
   * What is no fault, but good to know, one sentence each: of the configuration, and what was there before the agent and is
   * left alone, or kept as it was.
   */
  readonly notes?: readonly string[];
  /** Running sessions that the control plane's list leaves out, which is not believed yet. */
  readonly withheld: readonly string[];
  readonly sessions: readonly SessionRow[];
  readonly mesh: readonly MeshRow[];
}

/** The node's own BIRD protocols, and the kernel's settings that matter to a router. */
export interface SystemStatus {
  /** Those of the node's own files, iBGP and RPKI among them; empty where BIRD does not answer. */
  readonly protocols: readonly {
    readonly name: string;
    /** BIRD's word: `kernel`, `babel`, `bgp`, ... */
    readonly type: string;
    readonly state: string;
    /** True where it works: of BGP, where it is Established; of RPKI, where the cache answers. */
    readonly isUp: boolean;
  }[];
  /** Whether BIRD's routes go into the kernel, for each address family that the node's BGP carries. */
  readonly kernel: readonly KernelSync[];
  readonly caches: readonly Omit<RpkiCache, 'protocol'>[];
  /** Undefined where the kernel does not have the family, or nobody has looked. */
  readonly forwarding: { readonly ipv4: boolean | undefined; readonly ipv6: boolean | undefined };
  /** Tunnels on which rp_filter drops asymmetric traffic. */
  readonly strictRpFilter: readonly string[];
  /** Interfaces that are to have IPv6 addresses, and may not. */
  readonly ipv6Disabled: readonly string[];
  /** The node's own protocols that the last pass had to switch on. */
  readonly repaired: readonly string[];
}

export interface TunnelState {
  readonly present: boolean;
  readonly endpoint: string | undefined;
  /** Undefined where there was no handshake yet. */
  readonly handshakeSecondsAgo: number | undefined;
  readonly rxBytes: number;
  readonly txBytes: number;
}

/** A pause before what failed is tried again. */
export interface Retry {
  /** How often it was tried in vain, without a break. */
  readonly failures: number;
  /** Unix seconds of the next try. */
  readonly atSeconds: number;
  /** True where it failed so often that it is tried only once an hour. */
  readonly isHourly: boolean;
}

export interface SessionRow {
  readonly uuid: string;
  readonly asn: number | undefined;
  readonly description: string | undefined;
  readonly interface: string | undefined;
  /** The control plane's word: `active`, `queued-for-setup`, ...; undefined where it could not be understood. */
  readonly status: string | undefined;
  /**
   * `ok`; `waiting` (configured, not Established yet); `error`; `refused`; `disabled` (by an operator, on this node); `ignored`
   * (disabled by the control plane, pending, ...).
   */
  readonly state: 'ok' | 'waiting' | 'error' | 'refused' | 'disabled' | 'ignored';
  readonly tunnel: TunnelState | undefined;
  readonly bgp:
    | {
        readonly protocols: readonly string[];
        readonly state: string;
        readonly since: string;
        readonly info: string;
      }
    | undefined;
  readonly rttMs: number | undefined;
  /** Index of the link's latency tier, 0 the fastest; undefined until it was measured. */
  readonly latencyTier: number | undefined;
  readonly routesImported: number | undefined;
  readonly routesExported: number | undefined;
  readonly error: string | undefined;
  /** What speaks for it that the row's addresses are not whose they are taken for; absent where nothing does. */
  readonly doubt?: string | undefined;
  /** Undefined where nothing waits. */
  readonly retry: Retry | undefined;
}

export interface MeshRow {
  readonly nodeId: number;
  readonly name: string;
  readonly interface: string;
  readonly tunnel: TunnelState | undefined;
  /** BIRD's word on the iBGP with this node, such as `Established`; undefined where there is to be none. */
  readonly bgp?: string | undefined;
  readonly rttMs: number | undefined;
  readonly error: string | undefined;
  readonly retry: Retry | undefined;
}

/** What a resync did: the changes made, each as the plan explains it, and what did not work. */
export interface ResyncResult {
  readonly ok: boolean;
  readonly changes: readonly string[];
  readonly errors: readonly string[];
}
