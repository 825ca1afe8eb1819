import { describe, expect, it } from 'vitest';
import { AnswerError, parseRetryAfter } from '../../../../../src/adapters/control-plane/http/http-error.js';
import { retryDelayMs } from '../../../../../src/adapters/control-plane/http/retry.js';

const options = { maxRetries: 4, minTimeout: 100, maxTimeout: 1000, errorCodes: ['ECONNRESET'] };

const answer = (status: number, headers = {}) => new AnswerError(status, headers, '');
const withCode = (code: string) => Object.assign(new Error(code), { code });

describe('retryDelayMs', () => {
  it('doubles from the first wait up to the longest', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelayMs(answer(500), attempt, options, 1))).toEqual([
      100, 200, 400, 800,
    ]);
    expect(retryDelayMs(answer(500), 4, { ...options, maxTimeout: 300 }, 1)).toBe(300);
  });

  it('spreads each wait over its upper half', () => {
    expect(retryDelayMs(answer(500), 2, options, 0)).toBe(100);
    expect(retryDelayMs(answer(500), 2, options, 0.5)).toBe(150);
  });

  it('is undefined after the last retry', () => {
    expect(retryDelayMs(answer(500), 5, options, 1)).toBeUndefined();
  });

  it('waits no less than Retry-After asks for, and not at all where that is too long', () => {
    expect(retryDelayMs(answer(429, { 'retry-after': '1' }), 1, options, 0)).toBe(1000);
    expect(retryDelayMs(answer(429, { 'retry-after': '1' }), 1, options, 1)).toBe(1100);
    expect(retryDelayMs(answer(429, { 'retry-after': '2' }), 1, options, 0)).toBeUndefined();
  });

  it.each([
    [answer(429), true],
    [answer(500), true],
    [answer(599), true],
    [answer(301), false],
    [answer(404), false],
    [withCode('ECONNRESET'), true],
    [withCode('UND_ERR_HEADERS_TIMEOUT'), false],
    [withCode('CERT_HAS_EXPIRED'), false],
    [new Error('anything'), false],
  ])('takes %s for passing: %s', (error, passing) => {
    expect(retryDelayMs(error, 1, options, 1) !== undefined).toBe(passing);
  });
});

describe('parseRetryAfter', () => {
  const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0);

  it.each([
    ['120', 120_000],
    [' 3 ', 3000],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', undefined],
    ['0', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j ms', (value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected);
  });
});
