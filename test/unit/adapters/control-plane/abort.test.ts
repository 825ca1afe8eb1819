import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ControlPlaneOptions } from '../../../../src/adapters/control-plane/open-control-plane.js';
import { drip } from './broken-answers.js';
import { type Answer, sendJson } from './loopback-server.js';
import { failureOf, noSessions, open, serve } from './opened-client.js';

describe('an aborted call', () => {
  it.each<[string, Answer, Partial<ControlPlaneOptions>]>([
    ['for headers', () => {}, {}],
    ['for the body', (response) => drip(response), {}],
    [
      'to try again',
      (response) => sendJson(response, {}, 503),
      { limits: { retries: 5, minRetryMs: 9000, maxRetryMs: 9000 } },
    ],
  ])('ends at once with the reason while it waits %s', async (_name, answer, options) => {
    const abort = new AbortController();
    const reason = new Error('stopping');
    const server = await serve((response, request, count) => {
      answer(response, request, count);
      setImmediate(() => abort.abort(reason));
    });
    await expect(open(server.url, options).fetchSessions(abort.signal)).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it('ends at once while it waits for its turn, and is not sent', async () => {
    const server = await serve(noSessions);
    const controlPlane = open(server.url, { requestsPerMinute: 1 });
    await controlPlane.fetchSessions();
    const abort = new AbortController();
    const call = controlPlane.fetchSessions(abort.signal);
    abort.abort();
    await expect(call).rejects.toBe(abort.signal.reason);
    expect(server.seen).toHaveLength(1);
  });

  it('is not sent at all where the signal fired before', async () => {
    const server = await serve(noSessions);
    await expect(open(server.url).fetchSessions(AbortSignal.abort())).rejects.toThrow();
    expect(server.seen).toEqual([]);
  });

  it('leaves nothing on a signal that lives on', async () => {
    const server = await serve(noSessions);
    const { signal } = new AbortController();
    await open(server.url).fetchSessions(signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is what closing makes of all that is under way', async () => {
    const server = await serve(() => {});
    const controlPlane = open(server.url);
    const call = failureOf(controlPlane.fetchSessions());
    await controlPlane.close();
    expect((await call).message).toContain('was closed');
  });
});
