import type { SessionId } from './values/session-id.js';
import { sessionId } from './values/session-id.js';

/** On whose behalf the agent made an object: a session, a mesh peer, or the node itself. */
export type Owner =
  | { readonly kind: 'session'; readonly uuid: SessionId }
  | { readonly kind: 'mesh'; readonly nodeId: number }
  | { readonly kind: 'node' };

const markPrefix = 'moenet-agent:';

/**
 * The mark of the agent's own objects: an interface's alias or a file's first comment.
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

/** Values by owner, in insertion order. Two objects for the same owner are the same key. */
export class OwnerMap<T> implements Iterable<readonly [Owner, T]> {
  readonly #entries = new Map<string, readonly [Owner, T]>();

  constructor(entries: Iterable<readonly [Owner, T]> = []) {
    for (const [owner, value] of entries) this.set(owner, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(owner: Owner): T | undefined {
    return this.#entries.get(formatMark(owner))?.[1];
  }

  has(owner: Owner): boolean {
    return this.#entries.has(formatMark(owner));
  }

  set(owner: Owner, value: T): this {
    this.#entries.set(formatMark(owner), [owner, value]);
    return this;
  }

  [Symbol.iterator](): Iterator<readonly [Owner, T]> {
    return this.#entries.values();
  }

  /** As it is stored: owner mark → value. */
  toJSON(): Readonly<Record<string, T>> {
    return Object.fromEntries([...this.#entries].map(([mark, [, value]]) => [mark, value]));
  }
}

export type ReadonlyOwnerMap<T> = Omit<OwnerMap<T>, 'set'>;

/** Reads what `toJSON` wrote; skips keys that are not marks. */
export function readOwnerMap<T>(byMark: Readonly<Record<string, T>>): OwnerMap<T> {
  return new OwnerMap(
    Object.entries(byMark).flatMap(([mark, value]) => {
      const owner = parseMark(mark);
      return owner ? [[owner, value] as const] : [];
    }),
  );
}

/** The owner in words: `session abc-123`, `mesh peer 2`, `node`. */
export function describeOwner(owner: Owner): string {
  if (owner.kind === 'session') return `session ${owner.uuid}`;
  return owner.kind === 'mesh' ? `mesh peer ${owner.nodeId}` : 'node';
}
