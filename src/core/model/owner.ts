import type { SessionId } from './values/session-id.js';
import { sessionId } from './values/session-id.js';

/** On whose behalf the agent made an object: a session, a mesh peer, or the node itself. */
export type Owner =
  | { readonly kind: 'session'; readonly uuid: SessionId }
  | { readonly kind: 'mesh'; readonly nodeId: number }
  | { readonly kind: 'node' };

const markPrefix = 'moenet-agent:';

/**
 * The mark that makes an object the agent's own: an interface's alias and a file's first comment.
 * `moenet-agent:<uuid>`, `moenet-agent:mesh:<nodeId>` or `moenet-agent:node:` (a colon cannot be in a uuid).
 */
export function formatMark(owner: Owner): string {
  if (owner.kind === 'session') return markPrefix + owner.uuid;
  return owner.kind === 'mesh' ? `${markPrefix}mesh:${owner.nodeId}` : `${markPrefix}node:`;
}

/** The owner that a mark names, or undefined for any other text. */
export function parseMark(text: string | undefined): Owner | undefined {
  if (!text?.startsWith(markPrefix)) return undefined;
  const rest = text.slice(markPrefix.length);
  if (rest === 'node:') return { kind: 'node' };
  const nodeId = /^mesh:(\d{1,9})$/.exec(rest)?.[1];
  if (nodeId !== undefined) return { kind: 'mesh', nodeId: Number(nodeId) };
  const uuid = sessionId.safeParse(rest);
  return uuid.success ? { kind: 'session', uuid: uuid.data } : undefined;
}

/** True where both are the same owner. */
export function sameOwner(a: Owner, b: Owner): boolean {
  if (a.kind === 'session') return b.kind === 'session' && a.uuid === b.uuid;
  if (a.kind === 'mesh') return b.kind === 'mesh' && a.nodeId === b.nodeId;
  return b.kind === 'node';
}

/** On whose behalf: `session abc-123`, `mesh peer 2`, `node`. */
export function describeOwner(owner: Owner): string {
  if (owner.kind === 'session') return `session ${owner.uuid}`;
  return owner.kind === 'mesh' ? `mesh peer ${owner.nodeId}` : 'node';
}
