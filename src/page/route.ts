export const views = ['overview', 'sessions', 'events', 'plan', 'look-ups'] as const;

export type ViewName = (typeof views)[number] | 'session';

/** What the address shows: a view, and in `word` the session or the look-up. */
export interface Route {
  readonly view: ViewName;
  readonly words: readonly string[];
}

/** Of `#/sessions` or `#/session/abc-123`; the overview for everything else. */
export function parseRoute(hash: string): Route {
  const [name = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  const view = [...views, 'session' as const].find((each) => each === name) ?? 'overview';
  return { view, words: rest.map(decoded) };
}

export function linkTo(view: ViewName, ...words: readonly string[]): string {
  return `#/${[view, ...words.map(encodeURIComponent)].join('/')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
