import type { Dispatcher } from 'undici';
import { AnswerError, AttemptTimeoutError, TruncatedError } from './http-error.js';

// Enough for every error text; the rest of a failed answer is read and forgotten.
const keptErrorBytes = 4096;

type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/**
 * Judges each single attempt, below the retries: it may take `limitMs` from when it goes out to the last byte, an
 * answer other than 2xx is an error, and one that breaks off is failed, never resumed by a range request.
 */
export function attemptInterceptor(limitMs: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => dispatch(options, new AttemptHandler(handler, limitMs));
}

class AttemptHandler implements Dispatcher.DispatchHandler {
  readonly #next: Dispatcher.DispatchHandler;
  readonly #limitMs: number;
  #timer: NodeJS.Timeout | undefined;
  #started = false;
  #failed: { status: number; headers: Headers; chunks: Buffer[]; bytes: number } | undefined;

  constructor(next: Dispatcher.DispatchHandler, limitMs: number) {
    this.#next = next;
    this.#limitMs = limitMs;
  }

  onRequestStart(controller: Controller, context: unknown) {
    this.#timer = setTimeout(
      () => controller.abort(new AttemptTimeoutError('not complete in time')),
      this.#limitMs,
    );
    this.#next.onRequestStart?.(controller, context);
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, statusMessage?: string) {
    if (status >= 300) {
      this.#failed = { status, headers, chunks: [], bytes: 0 };
      return;
    }
    // 1xx are announcements, of which there may be several before the answer.
    this.#started = status >= 200;
    this.#next.onResponseStart?.(controller, status, headers, statusMessage);
  }

  onResponseData(controller: Controller, chunk: Buffer) {
    if (this.#failed === undefined) return this.#next.onResponseData?.(controller, chunk);
    if (this.#failed.bytes < keptErrorBytes) this.#failed.chunks.push(Buffer.from(chunk));
    this.#failed.bytes += chunk.length;
  }

  onResponseEnd(controller: Controller, trailers: Headers) {
    clearTimeout(this.#timer);
    if (this.#failed === undefined) return this.#next.onResponseEnd?.(controller, trailers);
    this.#next.onResponseError?.(controller, this.#answerError(this.#failed));
  }

  onResponseError(controller: Controller, error: Error) {
    clearTimeout(this.#timer);
    this.#next.onResponseError?.(controller, this.#explain(controller, error));
  }

  #answerError({ status, headers, chunks }: { status: number; headers: Headers; chunks: Buffer[] }) {
    return new AnswerError(status, headers, Buffer.concat(chunks).subarray(0, keptErrorBytes).toString());
  }

  // What is known of a failed answer says more than that its body broke off.
  #explain(controller: Controller, error: Error): Error {
    if (controller?.aborted) return error;
    if (this.#failed !== undefined) return this.#answerError(this.#failed);
    const broke = this.#started && 'code' in error && brokenOff.has(String(error.code));
    return broke ? new TruncatedError(error.message) : error;
  }
}

const brokenOff = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);
