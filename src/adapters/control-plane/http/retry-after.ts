/**
 * `Retry-After` in milliseconds from `nowMs` (Unix time): seconds, or an HTTP date (RFC 9110, section 10.2.3).
 * Undefined where it is absent, unreadable or over.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const waitMs = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return waitMs > 0 ? waitMs : undefined;
}
