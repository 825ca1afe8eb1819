import type { Dialect } from './dialect.js';
import type { Status } from './status.js';

/** What a node says of one session. */
interface SessionLine {
  readonly uuid: string;
  /** In milliseconds. */
  readonly rtt?: number | null | undefined;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly routesImported: number;
  /** BIRD's names of its protocols; empty where the dialect has no use for them. */
  readonly protocols: readonly string[];
}

/** What agents tell, by the call; `alive`, `rtt` and `observed endpoint` are of one dialect only. */
interface Bodies {
  readonly modify: {
    readonly uuid: string;
    readonly status: Status;
    readonly interface: string | undefined;
    readonly error: string | undefined;
  };
  /** Where a peer is really seen; `modify` without a status. */
  readonly 'observed endpoint': { readonly uuid: string; readonly address: string };
  readonly report: { readonly sessions: readonly SessionLine[] };
  readonly heartbeat: {
    readonly version: string;
    readonly uptime: number;
    readonly meshPublicKey: string | undefined;
    readonly publicIpv4?: string | undefined;
    readonly publicIpv6?: string | undefined;
  };
  /** Node id → `configured`, or what is wrong. */
  readonly 'mesh/status': { readonly peers: Readonly<Record<string, string>> };
  readonly alive: object;
  /** What was measured. */
  readonly rtt: { readonly targets: readonly string[] };
}

export type PostName = keyof Bodies;

/** What one request tells, read from its body. */
export type Told = {
  readonly [Name in PostName]: {
    readonly name: Name;
    readonly body: Bodies[Name];
    /** Who says so, where the body has it; undefined where it is in the path alone. */
    readonly sender?: string | undefined;
    /** What of it the control plane does not keep, and why. */
    readonly lost?: string | undefined;
  };
}[PostName];

/** What was told, by whom, when (Unix milliseconds), and in which dialect. */
export type Post = Told & { readonly node: string; readonly atMs: number; readonly dialect: Dialect };
export type PostOf<Name extends PostName> = Extract<Post, { name: Name }>;
