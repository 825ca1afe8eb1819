import type {
  BirdFile,
  DesiredProtocol,
  InterfaceAddress,
  NodeProtocol,
  Tunnel,
} from '../model/artifacts.js';
import type { DisabledSessions } from '../model/disabled.js';
import type { PreviousAgentState } from '../model/previous-agent.js';
import type { RoutingRule } from '../model/routing-rule.js';
import type { RoaFallback } from '../model/saved-roas.js';
import type { NftSet } from '../model/values/port-set.js';
import type { Wanted } from './desire-node.js';
import type { Alone } from './policy/alone.js';
import type { CacheAddresses } from './rpki-caches.js';

/** What is as it was wanted; `sessions` with what stays as it was, and what an operator has switched off. */
type Unchanged =
  | 'node'
  | 'resolved'
  | 'dangers'
  | 'sessions'
  | 'readings'
  | 'mesh'
  | 'refusals'
  | 'doubted'
  | 'isUnknown';

/** The whole node as it should be. */
export interface Desired extends Pick<Wanted, Unchanged> {
  /** This node's WireGuard public key; undefined where there is no key pair yet, or it is unknown. */
  readonly publicKey: string | undefined;
  /** What is wrong with the key pair's files. Without a public key as well, the agent does not know whether there is a pair. */
  readonly keyProblem: string | undefined;
  readonly loopback: { readonly interface: string; readonly addresses: readonly InterfaceAddress[] };
  readonly tunnels: readonly Tunnel[];
  /** Which packets use the routes of DN42, where these have a kernel table of their own. */
  readonly rules: readonly RoutingRule[];
  /** The set for the tunnels' listen ports; absent: none. */
  readonly nftSet?: NftSet | undefined;
  /** Undefined where too little is known to render any: BIRD's files stay unchanged. */
  readonly files: readonly BirdFile[] | undefined;
  /** Why BIRD's files stay unchanged although the node is known; undefined where nothing blocks them. */
  readonly birdBlocked: string | undefined;
  /** Other files that the agent removes, because its own say the same. */
  readonly replaced: readonly string[];
  /** What a previous agent left: what the agent preserves, adopts or leaves alone. */
  readonly previousAgent: PreviousAgentState;
  /** Fingerprint of `files`. */
  readonly fingerprint: string;
  /** All that must run: the node's own, then those of the sessions. */
  readonly protocols: readonly DesiredProtocol[];
  readonly nodeProtocols: readonly NodeProtocol[];
  /** True where BIRD refuses routes without a ROA. */
  readonly refusesUnknownOrigins: boolean;
  /** ROAs that the agent saved; absent where there are none. */
  readonly roaFallback?: RoaFallback | undefined;
  /** The sessions that an operator has disabled on this node, to remember. */
  readonly disabled: DisabledSessions;
  /** The addresses of the RPKI caches, to remember. */
  readonly cacheAddresses: CacheAddresses;
  /** Whether the node counts as cut off from our other nodes, to remember. */
  readonly alone: Alone;
  /** The sessions whose neighbors refuse our BGP role, to remember. */
  readonly refusedRoles: readonly string[];
  /** What keeps the node, or parts of it other than sessions, from being configured, a sentence each. */
  readonly problems: readonly string[];
  /** The RPKI caches that DNS does not find, a sentence each: no fault of a pass. */
  readonly cacheProblems: readonly string[];
  /** What an operator should know and is no fault, a sentence each. */
  readonly notes: readonly string[];
}
