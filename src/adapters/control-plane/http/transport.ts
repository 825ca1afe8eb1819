import type { HttpProxy } from '../../../core/model/values/proxy.js';
import { attemptInterceptor } from './attempt.js';
import { AnswerError } from './http-error.js';
import type { HttpLimits } from './limits.js';
import { openPool } from './pool.js';
import { openPause, type Pause, rateLimit, rateLimitInterceptor } from './rate-limit.js';
import { retryInterceptor } from './retry.js';
import { linkAbort, orAborted } from './signal.js';

/** Who answers. */
export interface Server {
  /** `host:port`, to be named in errors. */
  readonly host: string;
  readonly isTls?: boolean;
  /** `host:port` of the proxy in between; undefined: none. */
  readonly proxy?: string | undefined;
}

interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, starting with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  /** Where a redirection points. */
  readonly location: string | undefined;
  /** The body; of an answer other than 2xx only its start. */
  readonly text: string;
}

/** One HTTP server. */
export interface Transport extends Server {
  /** Gives the answer, whatever its status; rejects where there is none that can be used, or the signal fires. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Asks again, though the server wanted to be left in peace (`Retry-After`): until then nothing is sent to it. */
  endPause(): void;
  /** Ends what is under way, and closes all connections. */
  close(): Promise<void>;
}

interface TransportOptions {
  readonly baseUrl: string;
  readonly requestsPerMinute: number;
  readonly limits: HttpLimits;
  readonly proxy?: HttpProxy | undefined;
}

/** HTTP to `baseUrl` over one small pool of connections, within the limits; redirections are not followed. */
export function openTransport({ baseUrl, requestsPerMinute, limits, proxy }: TransportOptions): Transport {
  const url = new URL(baseUrl);
  const pool = openPool(url, limits, proxy);
  // The last one is the outermost: a retry passes the rate limit like any other request.
  const client = pool.compose(
    attemptInterceptor(limits.totalTimeoutMs),
    rateLimitInterceptor(rateLimit(requestsPerMinute)),
    retryInterceptor(limits),
  );
  const closing = new AbortController();
  const pause = openPause();

  async function exchange({ path, ...request }: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const prefixed = url.pathname.replace(/\/+$/, '') + path;
    const { origin } = url;
    const body = request.body ?? null;
    const answer = await client.request({ ...request, origin, path: prefixed, body, signal });
    const text = await answer.body.text();
    return { status: answer.statusCode, retryAfterMs: undefined, location: undefined, text };
  }

  return {
    host: url.host,
    isTls: url.protocol === 'https:',
    proxy: proxy?.host,
    async send(request, signal) {
      signal?.throwIfAborted();
      return heeding(pause, monotonic, async () => {
        const abort = linkAbort(signal === undefined ? [closing.signal] : [closing.signal, signal]);
        try {
          // undici itself heeds the signal only once it is connected.
          return await orAborted(exchange(request, abort.signal), abort.signal);
        } finally {
          abort.unlink();
        }
      });
    },
    endPause: () => pause.end(),
    async close() {
      closing.abort(new Error('the control plane client was closed'));
      await pool.destroy();
    },
  };
}

const monotonic = () => performance.now();

/** What `exchange` is answered, whatever the status; within a pause nothing is sent, and the answer is the one that asked for it. */
export async function heeding(
  pause: Pause,
  now: () => number,
  exchange: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const asked = pause.asked(now());
  if (asked) return answerOf(asked);
  try {
    return await exchange();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    pause.heed(error, now());
    return answerOf(error);
  }
}

function answerOf({ status, retryAfterMs, location, text }: AnswerError): HttpAnswer {
  return { status, retryAfterMs, location, text };
}
