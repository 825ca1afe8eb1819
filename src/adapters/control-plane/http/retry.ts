import { setTimeout as sleep } from 'node:timers/promises';
import { interceptors, type RetryHandler } from 'undici';
import { AnswerError } from './http-error.js';
import type { HttpLimits } from './limits.js';
import { signalOf } from './signal.js';

/**
 * undici's retry interceptor with jitter, and with waits that end when the request is aborted. POST is retried as GET
 * is: all calls of the protocol state facts, so that saying one twice does no harm.
 */
export function retryInterceptor(limits: Pick<HttpLimits, 'retries' | 'minRetryMs' | 'maxRetryMs'>) {
  return interceptors.retry({
    maxRetries: limits.retries,
    minTimeout: limits.minRetryMs,
    maxTimeout: limits.maxRetryMs,
    methods: ['GET', 'POST'],
    retry: (error, { state, opts }, callback) => {
      const delayMs = retryDelayMs(error, state.counter, opts.retryOptions ?? {}, Math.random());
      if (delayMs === undefined) return callback(error);
      const signal = signalOf(opts);
      sleep(delayMs, undefined, { signal }).then(
        () => callback(null),
        () => callback(signal?.reason),
      );
    },
  });
}

/**
 * How long to wait before trying again after the `attempt`th failure; undefined: do not. Backs off exponentially,
 * between half and all of the step (`random` from 0 to 1). A `Retry-After` is kept to; where it asks for more than
 * the limit, nobody waits here: the caller is told and comes again later.
 */
export function retryDelayMs(
  error: Error,
  attempt: number,
  options: RetryHandler.RetryOptions,
  random: number,
): number | undefined {
  const { maxRetries = 0, minTimeout = 0, maxTimeout = 0, timeoutFactor = 2, errorCodes = [] } = options;
  if (attempt > maxRetries || !isPassing(error, errorCodes)) return undefined;
  const askedMs = error instanceof AnswerError ? error.retryAfterMs : undefined;
  if (askedMs !== undefined) return askedMs > maxTimeout ? undefined : askedMs + random * minTimeout;
  return Math.min(minTimeout * timeoutFactor ** (attempt - 1), maxTimeout) * (0.5 + random / 2);
}

function isPassing(error: Error, errorCodes: readonly string[]): boolean {
  if (error instanceof AnswerError) return error.status === 429 || error.status >= 500;
  return 'code' in error && typeof error.code === 'string' && errorCodes.includes(error.code);
}
