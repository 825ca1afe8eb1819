import type {
  BirdFile,
  DesiredProtocol,
  InterfaceAddress,
  NodeProtocol,
  Tunnel,
} from '../model/artifacts.js';
import type { DisabledSessions } from '../model/disabled.js';
import type { Owner, ReadonlyOwnerMap } from '../model/owner.js';
import type { PreviousAgentState } from '../model/previous-agent.js';
import type { SessionId } from '../model/values/session-id.js';
import type { DesiredMeshPeer } from './mesh.js';
import type { NodeIdentity } from './node.js';
import type { Readings } from './read-addresses.js';
import type { CacheAddresses } from './rpki-caches.js';
import type { Danger } from './rules/gather-facts.js';
import type { DesiredSession, Refusal } from './sessions.js';

/** The whole node as it should be. */
export interface Desired {
  readonly node: NodeIdentity;
  /** This node's WireGuard public key; undefined where there is no key pair yet, or it is unknown. */
  readonly publicKey: string | undefined;
  /** What is wrong with the key pair's files. Without a public key as well, the agent does not know whether there is a pair. */
  readonly keyProblem: string | undefined;
  readonly loopback: { readonly interface: string; readonly addresses: readonly InterfaceAddress[] };
  readonly tunnels: readonly Tunnel[];
  /** The addresses of the endpoints' names that can be a peer's. */
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  /** The addresses on a session's tunnel that must go, even if the agent leaves the session unchanged otherwise. */
  readonly dangers: ReadonlyOwnerMap<readonly Danger[]>;
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
  readonly sessions: readonly DesiredSession[];
  /** The sessions that an operator has disabled on this node, to remember. */
  readonly disabled: DisabledSessions;
  /** The addresses of the RPKI caches, to remember. */
  readonly cacheAddresses: CacheAddresses;
  /** How the rows of the list are read, to remember. */
  readonly readings: Readings;
  readonly mesh: readonly DesiredMeshPeer[];
  readonly refusals: readonly Refusal[];
  /** Running sessions that the list leaves out, which the agent does not believe yet: they stay. */
  readonly doubted: readonly SessionId[];
  /** What keeps the node, or parts of it other than sessions, from being configured, a sentence each. */
  readonly problems: readonly string[];
  /** The RPKI caches that DNS does not find, a sentence each: no fault of a pass. */
  readonly cacheProblems: readonly string[];
  /** What an operator should know and is no fault, a sentence each. */
  readonly notes: readonly string[];
  /** True for an owner whose wish is unknown: its objects stay unchanged. */
  isUnknown(owner: Owner): boolean;
}
