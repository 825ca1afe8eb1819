/** The node refuses a request; `status` is HTTP's. The message is the node's own. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.name = 'RefusedError';
    this.status = status;
  }
}

/** Asks the node; `path` is below `page/`, so that the page also works behind a proxy with a prefix. */
export async function ask<T>(
  path: string,
  query: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<T> {
  const search = new URLSearchParams(query);
  const url = search.size === 0 ? `page/${path}` : `page/${path}?${search}`;
  return answerOf(await fetch(url, signal ? { signal } : {}));
}

/** Signs in or out, the two requests that are no GET. */
export async function send<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return answerOf(await fetch(`page/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function answerOf<T>(response: Response): Promise<T> {
  const document = await response.json().catch(() => ({}));
  if (response.ok) return document as T;
  throw new RefusedError(response.status, document.error ?? `the node answers ${response.status}`);
}

export interface Access {
  readonly signedIn: boolean;
  readonly canSignOut: boolean;
}

export function askAccess(): Promise<Access> {
  return ask('session');
}
