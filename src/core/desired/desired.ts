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
  /** This node's WireGuard public key; undefined where there is no key pair yet, or it is not known. */
  readonly publicKey: string | undefined;
  /** What is wrong with the key pair's files. Where there is no public key either, it is not known whether there is a pair. */
  readonly keyProblem: string | undefined;
  readonly loopback: { readonly interface: string; readonly addresses: readonly InterfaceAddress[] };
  readonly tunnels: readonly Tunnel[];
  /** The addresses of the endpoints' names at which a peer can be. */
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  /** The addresses on a session's tunnel that must go, also where the session is otherwise left as it is. */
  readonly dangers: ReadonlyOwnerMap<readonly Danger[]>;
  /** Undefined where too little is known to render any: BIRD's files stay as they are. */
  readonly files: readonly BirdFile[] | undefined;
  /** Why BIRD's files stay as they are although it is known what should be in them; undefined where they do not. */
  readonly birdBlocked: string | undefined;
  /** Files of others that go, for the agent's own say the same. */
  readonly replaced: readonly string[];
  /** What was there before and is left as it is, or becomes the agent's, in words. */
  readonly previousAgent: PreviousAgentState;
  /** Of `files`, to recognise them. */
  readonly fingerprint: string;
  /** All that must run: the node's own, then those of the sessions. */
  readonly protocols: readonly DesiredProtocol[];
  readonly nodeProtocols: readonly NodeProtocol[];
  /** True where a route that no ROA speaks of is refused. */
  readonly refusesUnknownOrigins: boolean;
  readonly sessions: readonly DesiredSession[];
  /** The sessions that an operator has switched off on this node, to be remembered. */
  readonly disabled: DisabledSessions;
  /** The addresses of the RPKI caches, to be remembered. */
  readonly cacheAddresses: CacheAddresses;
  /** How the rows of the list are read, to be remembered. */
  readonly readings: Readings;
  readonly mesh: readonly DesiredMeshPeer[];
  readonly refusals: readonly Refusal[];
  /** Running sessions that the list leaves out, which is not believed yet: they stay as they are. */
  readonly doubted: readonly SessionId[];
  /** What keeps the node or a part of it that is no session from being configured, in words; empty when nothing does. */
  readonly problems: readonly string[];
  /** The RPKI caches that DNS does not find, in words: no fault of a pass. */
  readonly cacheProblems: readonly string[];
  /** What a person should know and what is no fault, in words. */
  readonly notes: readonly string[];
  /** True for an owner whose objects stay as they are, because what is wanted of it is not known. */
  isUnknown(owner: Owner): boolean;
}
