/** Names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** An answer other than 2xx, with the start of its body. */
export class AnswerError extends Error {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly location: string | undefined;
  readonly text: string;

  constructor(status: number, headers: ResponseHeaders, text: string) {
    super(`HTTP status ${status}`);
    this.status = status;
    this.retryAfterMs = parseRetryAfter(first(headers['retry-after']), Date.now());
    this.location = first(headers['location']);
    this.text = text;
  }
}

/** An answer that had begun well and broke off. */
export class TruncatedError extends Error {}

/** An answer that was not complete in time. */
export class AttemptTimeoutError extends Error {}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/**
 * `Retry-After` in milliseconds from `nowMs` (Unix time): seconds, or an HTTP date (RFC 9110, section 10.2.3).
 * Undefined where it is absent, unreadable or over.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const waitMs = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return waitMs > 0 ? waitMs : undefined;
}
