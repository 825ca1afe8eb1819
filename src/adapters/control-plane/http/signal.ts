import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';

/** An AbortController that also fires when one of `signals` does; `unlink` lets go of them. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  readonly unlink: () => void;
}

/** What `AbortSignal.any` does, without its leak where one of the signals lives as long as the process (Node 20). */
export function linkAbort(signals: readonly AbortSignal[]): LinkedAbort {
  const controller = new AbortController();
  // One listener for each call that is under way, gone with it, is not the leak that Node warns of.
  setMaxListeners(0, ...signals);
  const undo = signals.map((signal) => {
    const fire = () => controller.abort(signal.reason);
    if (signal.aborted) fire();
    signal.addEventListener('abort', fire, { once: true });
    return () => signal.removeEventListener('abort', fire);
  });
  return { signal: controller.signal, unlink: () => undo.forEach((remove) => void remove()) };
}

/** Settles as `promise` does, or rejects with the signal's reason as soon as it fires. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, aborted]);
}

/** `promise`, as long as the caller's signal does not fire; nothing is left on the signal. */
export async function whileWanted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { signal: linked, unlink } = linkAbort([signal]);
  try {
    return await orAborted(promise, linked);
  } finally {
    unlink();
  }
}

/** The signal of a request that passes through an interceptor. */
export function signalOf(options: Dispatcher.DispatchOptions): AbortSignal | undefined {
  return 'signal' in options && options.signal instanceof AbortSignal ? options.signal : undefined;
}
