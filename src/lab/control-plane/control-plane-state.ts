import type { PolicyRevision, PolicySlip } from './bird-config-document.js';
import type { Dialect } from './dialect.js';
import type { Post, PostName, PostOf } from './posts.js';
import type { SessionRow } from './session-row.js';
import type { Status } from './status.js';
import type { Wire } from './wire.js';

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

/** What the control plane knows, in words: the sessions, the nodes' keys and addresses, and all that was ever asked and posted. */
export interface ControlPlaneState {
  /** The one that is spoken; an upgrade changes it (serve-control-plane.ts). */
  dialect: Dialect;
  /** What a node may ask in a minute. */
  readonly requestsPerMinute: number;
  readonly tokens: ReadonlyMap<string, string>;
  readonly publicKeys: Map<string, string>;
  readonly publicAddresses: Map<string, string>;
  readonly sessions: Map<string, SessionRow>;
  readonly posts: Post[];
  readonly requests: RequestRecord[];
  /** False while the network has no policy. */
  hasPolicy: boolean;
  /** Which `GET bird-config` is served. */
  policyRevision: PolicyRevision;
  /** Node name → what is wrong in the policy that it is sent. */
  readonly policySlips: Map<string, PolicySlip>;
}

/** An empty control plane whose nodes have the tokens given: node name → token. */
export function emptyState(
  tokens: ReadonlyMap<string, string>,
  dialect: Dialect,
  requestsPerMinute = 300,
): ControlPlaneState {
  return {
    dialect,
    requestsPerMinute,
    tokens,
    publicKeys: new Map(),
    publicAddresses: new Map(),
    sessions: new Map(),
    posts: [],
    requests: [],
    hasPolicy: true,
    policyRevision: 'first',
    policySlips: new Map(),
  };
}

/** The sessions of a node. */
export function sessionsOf(state: ControlPlaneState, node: string): SessionRow[] {
  return [...state.sessions.values()].filter((row) => row.node === node);
}

/**
 * Changes some fields of a session, as its owner or an operator does. Every edit of a session that is enabled queues it
 * for setup again, with the same uuid, whatever was edited.
 */
export function editSession(state: ControlPlaneState, uuid: string, change: Partial<SessionRow>): void {
  const { status, edits } = rowOf(state, uuid);
  const isEdit = change.status === undefined && isEnabled(status);
  const isAnswered = isEdit && status !== 'queued for setup';
  update(state, uuid, {
    ...change,
    ...(isEdit ? { status: 'queued for setup' } : {}),
    edits: isAnswered ? edits + 1 : edits,
  });
}

/** True where the session is to run. */
export function isEnabled(status: Status): boolean {
  return ['queued for setup', 'active', 'error', 'setup failed'].includes(status);
}

function rowOf(state: ControlPlaneState, uuid: string): SessionRow {
  const row = state.sessions.get(uuid);
  if (!row) throw new Error(`the lab's control plane has no session ${uuid}`);
  return row;
}

function update(state: ControlPlaneState, uuid: string, change: Partial<SessionRow>): void {
  state.sessions.set(uuid, { ...rowOf(state, uuid), ...change });
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

/** What becomes of a valid post: taken; about a session that the node does not have; or a status that is none after the former. */
export type Acceptance = 'taken' | 'no such session' | 'invalid transition';

/** Takes a valid post in, by the rules of a dialect. */
export function acceptPost(
  state: ControlPlaneState,
  post: Post,
  rules: Pick<Wire, 'destroysUnasked' | 'mayBecome'>,
): Acceptance {
  const acceptance = judge(state, post, rules);
  if (acceptance !== 'taken') return acceptance;
  if (post.name === 'modify') applyModify(state, post, rules.destroysUnasked);
  if (post.name === 'heartbeat') keep(state, post);
  state.posts.push(post);
  return 'taken';
}

function keep({ publicKeys, publicAddresses }: ControlPlaneState, { node, body }: PostOf<'heartbeat'>): void {
  if (body.meshPublicKey) publicKeys.set(node, body.meshPublicKey);
  if (body.publicIpv4) publicAddresses.set(node, body.publicIpv4);
}

function judge(state: ControlPlaneState, post: Post, { mayBecome }: Pick<Wire, 'mayBecome'>): Acceptance {
  if (post.name !== 'modify' && post.name !== 'observed endpoint') return 'taken';
  const row = state.sessions.get(post.body.uuid);
  if (row?.node !== post.node) return 'no such session';
  return post.name === 'modify' && !mayBecome(row.status, post.body.status) ? 'invalid transition' : 'taken';
}

function applyModify(state: ControlPlaneState, { body }: PostOf<'modify'>, destroysUnasked: boolean): void {
  const { status, error: lastError = null } = body;
  const isQueued = rowOf(state, body.uuid).status === 'queued for delete';
  if (status === 'deleted' && (destroysUnasked || isQueued)) state.sessions.delete(body.uuid);
  // The same number says both; what is not to go is off from now on.
  else update(state, body.uuid, { status: status === 'deleted' ? 'disabled' : status, lastError });
}
