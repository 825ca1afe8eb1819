/** A place where one party waits, for a limited time, for the next item. After a failure nothing arrives. */
export interface Mailbox<T> {
  /** The awaited item, in words. */
  awaited(): string | undefined;
  /** The next item. Fails with `late()` after `timeoutMs`, or with the signal's reason. */
  next(what: string, limits: Limits): Promise<T>;
  /** Throws where nobody waits. */
  put(thing: T): void;
  /** Ends the mailbox: the present and all later waiters get the first error. */
  fail(error: unknown): void;
}

interface Limits {
  readonly timeoutMs: number;
  readonly late: () => Error;
  readonly signal?: AbortSignal | undefined;
}

interface Waiting<T> {
  readonly what: string;
  readonly resolve: (thing: T) => void;
  readonly reject: (error: unknown) => void;
}

/** `onFailure` runs once, before any waiter gets the failure. */
export function openMailbox<T>(onFailure: () => void): Mailbox<T> {
  let waiting: Waiting<T> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const settle = (): Waiting<T> | undefined => {
    const settled = waiting;
    waiting = undefined;
    return settled;
  };
  const fail = (error: unknown) => {
    if (failure) return;
    failure = { error };
    onFailure();
    settle()?.reject(error);
  };
  const wait = (what: string) => {
    if (failure) return Promise.reject(failure.error);
    if (waiting) return Promise.reject(new Error(`still waiting for the ${waiting.what}`));
    return new Promise<T>((resolve, reject) => {
      waiting = { what, resolve, reject };
    });
  };
  return {
    awaited: () => waiting?.what,
    next: (what, limits) => withLimits(wait(what), limits, fail),
    put: (thing) => {
      const receiver = settle();
      if (!receiver) throw new Error('something came that nobody asked for');
      receiver.resolve(thing);
    },
    fail,
  };
}

function withLimits<T>(thing: Promise<T>, limits: Limits, fail: (error: unknown) => void): Promise<T> {
  const { timeoutMs, late, signal } = limits;
  const abort = () => fail(signal?.reason);
  const timer = setTimeout(() => fail(late()), timeoutMs);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  return thing.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });
}
