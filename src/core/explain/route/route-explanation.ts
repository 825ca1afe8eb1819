/** What RPKI says of a route's origin (RFC 6811); absent where this node asks no cache, or the route has no origin AS. */
export type RoaState = 'valid' | 'invalid' | 'unknown';

export interface ExplainedRoute {
  readonly network: string;
  /** BIRD's protocol, and who is behind it. */
  readonly protocol: string;
  readonly source: string;
  /** `used`: the best. `spare`: accepted, but another is better. `refused`: by the import filter. */
  readonly state: 'used' | 'spare' | 'refused';
  /** Why it is used, not used, or refused. */
  readonly why: string;
  readonly via: readonly string[];
  readonly asPath: readonly string[];
  readonly localPreference: number | undefined;
  readonly roa: RoaState | undefined;
  /** In words. */
  readonly communities: readonly string[];
}

export interface ExplainedTarget {
  /** `AS4242420011 (dn42_4242420011)`, `the kernel`. */
  readonly to: string;
  readonly protocol: string;
  readonly isSent: boolean;
  /** Why it is not sent; absent where it is. */
  readonly why: string | undefined;
}

/** Why the routes to a prefix or address are used, sent and accepted at this node, or not. */
export interface RouteExplanation {
  readonly to: string;
  /** The network whose route this node uses; absent where it has none. */
  readonly network: string | undefined;
  readonly summary: string;
  /** The best first, refused ones last. */
  readonly routes: readonly ExplainedRoute[];
  /** The ROAs that cover the network: `172.21.11.0/24 up to /24: AS4242420011`. */
  readonly roas: readonly string[];
  readonly targets: readonly ExplainedTarget[];
}
