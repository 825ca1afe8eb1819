import type { PolicyRevision, PolicySlip } from './bird-config-document.js';
import type { SessionDocument } from './documents.js';
import { type Post, type PostName, type PostOf, status } from './posts.js';

/** One HTTP request and how it was answered. */
interface RequestRecord {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly node: string | undefined;
  readonly httpStatus: number;
  /** Why a body was refused. */
  readonly reason: string | undefined;
}

interface SessionRow {
  readonly node: string;
  document: SessionDocument;
}

/** What the control plane knows: the sessions, the nodes' keys, and all that was ever asked and posted. */
export interface ControlPlaneState {
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
export function emptyState(tokens: ReadonlyMap<string, string>): ControlPlaneState {
  return {
    tokens,
    publicKeys: new Map(),
    sessions: new Map(),
    posts: [],
    requests: [],
    policyRevision: 'first',
    policySlips: new Map(),
  };
}

/** The sessions of a node, as `GET sessions` lists them. */
export function sessionsOf(state: ControlPlaneState, node: string): SessionDocument[] {
  return [...state.sessions.values()].filter((row) => row.node === node).map((row) => row.document);
}

/** Changes some fields of a session, as an operator would. */
export function editSession(state: ControlPlaneState, uuid: string, change: Partial<SessionDocument>): void {
  const row = state.sessions.get(uuid);
  if (!row) throw new Error(`the lab's control plane has no session ${uuid}`);
  row.document = { ...row.document, ...change };
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

/** Takes a valid post in. Returns false where it is about a session that the node does not have. */
export function acceptPost(state: ControlPlaneState, post: Post): boolean {
  if (post.name === 'modify' && !applyModify(state, post)) return false;
  if (post.name === 'heartbeat' && post.body.meshPublicKey)
    state.publicKeys.set(post.node, post.body.meshPublicKey);
  state.posts.push(post);
  return true;
}

function applyModify(state: ControlPlaneState, { node, body }: PostOf<'modify'>): boolean {
  const row = state.sessions.get(body.uuid);
  if (row?.node !== node) return false;
  const wasQueuedForDelete = row.document.status === status.queuedForDelete;
  if (wasQueuedForDelete && body.status === status.deleted) state.sessions.delete(body.uuid);
  else row.document = { ...row.document, status: body.status };
  return true;
}
