import { useEffect, useState } from 'preact/hooks';
import { ask, RefusedError } from '../api.js';
import { type Live, nowOf } from '../live.js';

/** What the node answered, or why it did not. `value` stays while it is asked again. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  readonly isAsked: boolean;
}

/**
 * Asks the node, and again when `occasion` changes, but not sooner than `pauseMs` after the last time. Another path or query begins anew.
 */
export function useAnswer<T>(
  path: string,
  query: Readonly<Record<string, string>>,
  { occasion = '', pauseMs = 0 }: { readonly occasion?: string | number; readonly pauseMs?: number } = {},
): Answer<T> {
  const key = `${path}?${new URLSearchParams(query)}`;
  const [state, setState] = useState<Answer<T> & { readonly key: string; readonly atMs: number }>();
  const current = state?.key === key ? state : undefined;
  // `key` stands for path and query.
  useEffect(() => {
    const gone = new AbortController();
    const waitMs = current ? Math.max(0, current.atMs + pauseMs - performance.now()) : 0;
    const timer = setTimeout(() => {
      setState({ key, value: current?.value, error: current?.error, isAsked: true, atMs: performance.now() });
      const settle = (answer: Pick<Answer<T>, 'value' | 'error'>) => {
        if (!gone.signal.aborted) setState({ key, ...answer, isAsked: false, atMs: performance.now() });
      };
      ask<T>(path, query, gone.signal).then(
        (value) => settle({ value, error: undefined }),
        (error) => settle({ value: current?.value, error: wordsOf(error) }),
      );
    }, waitMs);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [key, occasion]);
  return current ?? { value: undefined, error: undefined, isAsked: true };
}

export function wordsOf(error: unknown): string {
  if (error instanceof RefusedError) return error.message;
  return 'the node cannot be reached; the page tries again by itself';
}

/** The node's clock, as often as a reader needs it. */
export function useNow(live: Live, everyMs = 5_000): number {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowOf(live);
}

/** The width of an element in CSS pixels; 0 before it is known. */
export function useWidth(): readonly [(element: Element | null) => void, number] {
  const [element, setElement] = useState<Element | null>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width];
}

/** True while the browser prefers a dark scheme. */
export function useIsDark(): boolean {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const [isDark, setIsDark] = useState(query.matches);
  useEffect(() => {
    const listener = () => setIsDark(query.matches);
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  }, []);
  return isDark;
}
