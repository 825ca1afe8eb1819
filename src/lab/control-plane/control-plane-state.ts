import type { PolicyRevision, PolicySlip } from './bird-config-document.js';
import type { Dialect } from './dialect.js';
import type { Post, PostName, PostOf } from './posts.js';
import type { SessionRow } from './session-row.js';

/** One HTTP request and how it was answered. */
export interface RequestRecord {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly node: string | undefined;
  /** The dialect that was spoken then. */
  readonly dialect: Dialect;
  readonly httpStatus: number;
  /** Why it was refused, or what of it was not kept. */
  readonly reason: string | undefined;
}

/** What the control plane knows, in words: the sessions, the nodes' keys, and all that was ever asked and posted. */
export interface ControlPlaneState {
  /** The one that is spoken; an upgrade changes it (serve-control-plane.ts). */
  dialect: Dialect;
  readonly tokens: ReadonlyMap<string, string>;
  readonly publicKeys: Map<string, string>;
  readonly sessions: Map<string, SessionRow>;
  readonly posts: Post[];
  readonly requests: RequestRecord[];
  /** Which `GET bird-config` is served. */
  policyRevision: PolicyRevision;
  /** Node name → what is wrong in the policy that it is sent. */
  readonly policySlips: Map<string, PolicySlip>;
}

/** An empty control plane whose nodes have the tokens given: node name → token. */
export function emptyState(tokens: ReadonlyMap<string, string>, dialect: Dialect): ControlPlaneState {
  return {
    dialect,
    tokens,
    publicKeys: new Map(),
    sessions: new Map(),
    posts: [],
    requests: [],
    policyRevision: 'first',
    policySlips: new Map(),
  };
}

/** The sessions of a node. */
export function sessionsOf(state: ControlPlaneState, node: string): SessionRow[] {
  return [...state.sessions.values()].filter((row) => row.node === node);
}

/** Changes some fields of a session, as an operator would. */
export function editSession(state: ControlPlaneState, uuid: string, change: Partial<SessionRow>): void {
  const row = state.sessions.get(uuid);
  if (!row) throw new Error(`the lab's control plane has no session ${uuid}`);
  state.sessions.set(uuid, { ...row, ...change });
}

/** The posts of one kind, of all nodes or of one, oldest first. */
export function postsOf<Name extends PostName>(
  state: ControlPlaneState,
  name: Name,
  node?: string,
): PostOf<Name>[] {
  return state.posts.filter(
    (post): post is PostOf<Name> => post.name === name && (node === undefined || post.node === node),
  );
}

/**
 * Takes a valid post in. Returns false where it is about a session that the node does not have.
 * @param destroysUnasked whether a session goes that is told to be deleted, though nobody has queued it for that
 */
export function acceptPost(state: ControlPlaneState, post: Post, destroysUnasked: boolean): boolean {
  if (post.name === 'modify' && !applyModify(state, post, destroysUnasked)) return false;
  if (post.name === 'heartbeat' && post.body.meshPublicKey)
    state.publicKeys.set(post.node, post.body.meshPublicKey);
  state.posts.push(post);
  return true;
}

function applyModify(
  state: ControlPlaneState,
  { node, body }: PostOf<'modify'>,
  destroysUnasked: boolean,
): boolean {
  const row = state.sessions.get(body.uuid);
  if (row?.node !== node) return false;
  const { status, error: lastError = null } = body;
  const goes = status === 'deleted' && (destroysUnasked || row.status === 'queued for delete');
  if (goes) state.sessions.delete(body.uuid);
  // The same number says both; what is not to go is off from now on.
  else editSession(state, body.uuid, { status: status === 'deleted' ? 'disabled' : status, lastError });
  return true;
}
