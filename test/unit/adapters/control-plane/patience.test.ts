import { describe, expect, it, vi } from 'vitest';
import { type Answer, sendJson } from './loopback-server.js';
import { failureOf, noSessions, open, serve } from './opened-client.js';

describe('a passing failure', () => {
  const patient = { retries: 2 };

  it.each([429, 500, 502, 503, 504])('(%i) is tried again, a POST with its body too', async (status) => {
    const server = await serve((response, _request, count) =>
      sendJson(response, {}, count < 3 ? status : 200),
    );
    await open(server.url, { limits: patient }).postReport([]);
    expect(server.seen.map(({ body }) => body)).toEqual(Array(3).fill('{"sessions":[]}'));
  });

  it('(a connection that is closed) is tried again', async () => {
    const server = await serve((response, _request, count) => {
      if (count === 1) response.socket?.destroy();
      else sendJson(response, { sessions: [] });
    });
    await expect(open(server.url, { limits: patient }).fetchSessions()).resolves.toEqual([]);
  });

  it('is thrown after the last try', async () => {
    const server = await serve((response) => sendJson(response, { error: 'database is locked' }, 500));
    const failure = await failureOf(open(server.url, { limits: patient }).fetchSessions());
    expect(failure.message).toContain('database is locked');
    expect(server.seen).toHaveLength(3);
  });

  it.each([400, 401, 404, 422])('is not what %i is', async (status) => {
    const server = await serve((response) => sendJson(response, {}, status));
    await failureOf(open(server.url, { limits: patient }).fetchSessions());
    expect(server.seen).toHaveLength(1);
  });

  it('is tried again when Retry-After says', async () => {
    const server = await serve((response, _request, count) =>
      count === 1
        ? sendJson(response, {}, 429, { 'retry-after': '1' })
        : sendJson(response, { sessions: [] }),
    );
    await open(server.url, { limits: { ...patient, maxRetryMs: 2000 } }).fetchSessions();
    const [first, second] = server.seen.map(({ atMs }) => atMs);
    expect(Number(second) - Number(first)).toBeGreaterThan(990);
  });

  it('is thrown at once where Retry-After asks for more than the client waits', async () => {
    const server = await serve((response) => sendJson(response, {}, 429, { 'retry-after': '3600' }));
    const failure = await failureOf(open(server.url, { limits: patient }).fetchSessions());
    expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3_600_000 });
    expect(failure.message).toContain('it asks to wait 3600 s');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a control plane that asks for a long pause', () => {
  const busy: Answer = (response) => sendJson(response, {}, 429, { 'retry-after': '3600' });

  it('gets no request until then, and each call says why', async () => {
    const server = await serve(busy);
    const controlPlane = open(server.url);
    const first = await failureOf(controlPlane.fetchSessions());
    expect((await failureOf(controlPlane.fetchSessions())).message).toBe(first.message);
    expect((await failureOf(controlPlane.postReport([]))).message).toContain('it asks to wait 3600 s');
    expect(server.seen).toHaveLength(1);
  });

  it('is asked again at once where somebody wants to know now', async () => {
    const server = await serve((response, request, count) =>
      count === 1 ? busy(response, request, count) : sendJson(response, { sessions: [] }),
    );
    const controlPlane = open(server.url);
    await failureOf(controlPlane.fetchSessions());
    controlPlane.endPause();
    await expect(controlPlane.fetchSessions()).resolves.toEqual([]);
    expect(server.seen).toHaveLength(2);
  });
});

describe('the rate', () => {
  /** Calls that were made almost a minute ago: the next one beyond the rate waits for a moment only. */
  async function almostAMinuteAgo(calls: () => Promise<unknown>): Promise<void> {
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() - 59_500);
    await calls().finally(() => clock.mockRestore());
  }

  it('applies to retries as to first requests', async () => {
    const server = await serve((response) => sendJson(response, {}, 500));
    const limits = { retries: 5, maxRetryMs: 1, minRetryMs: 1 };
    const controlPlane = open(server.url, { requestsPerMinute: 6, limits });
    await almostAMinuteAgo(() => failureOf(controlPlane.fetchSessions()));
    expect(server.seen).toHaveLength(6);
    await failureOf(controlPlane.fetchSessions());
    const times = server.seen.map(({ atMs }) => atMs);
    expect(times).toHaveLength(12);
    expect(Number(times[6]) - Number(times[5])).toBeGreaterThan(300);
  });

  it('makes calls wait, not fail, however short the time limits', async () => {
    const server = await serve(noSessions);
    const limits = { totalTimeoutMs: 250 };
    const controlPlane = open(server.url, { requestsPerMinute: 3, limits });
    const three = () => Promise.all(Array.from({ length: 3 }, () => controlPlane.fetchSessions()));
    await almostAMinuteAgo(three);
    const startedMs = performance.now();
    await expect(three()).resolves.toHaveLength(3);
    expect(performance.now() - startedMs).toBeGreaterThan(300);
  });
});
