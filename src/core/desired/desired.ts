import type {
  BirdFile,
  DesiredProtocol,
  InterfaceAddress,
  NodeProtocol,
  Tunnel,
} from '../model/artifacts.js';
import type { DisabledSessions } from '../model/disabled.js';
import type { PreviousAgentState } from '../model/previous-agent.js';
import type { Wanted } from './desire-node.js';
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
  /** This node's WireGuard public key; undefined where there is no key pair yet, or it is not known. */
  readonly publicKey: string | undefined;
  /** What is wrong with the key pair's files. Where there is no public key either, it is not known whether there is a pair. */
  readonly keyProblem: string | undefined;
  readonly loopback: { readonly interface: string; readonly addresses: readonly InterfaceAddress[] };
  readonly tunnels: readonly Tunnel[];
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
  /** The sessions that an operator has switched off on this node, to be remembered. */
  readonly disabled: DisabledSessions;
  /** The addresses of the RPKI caches, to be remembered. */
  readonly cacheAddresses: CacheAddresses;
  /** What keeps the node or a part of it that is no session from being configured, in words; empty when nothing does. */
  readonly problems: readonly string[];
  /** The RPKI caches that DNS does not find, in words: no fault of a pass. */
  readonly cacheProblems: readonly string[];
  /** What a person should know and what is no fault, in words. */
  readonly notes: readonly string[];
}
