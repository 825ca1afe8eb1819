import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/model/values/secret.js';
import { listenLocal, localApp } from '../../../src/http/listen-local.js';
import type { MetricsAccess } from '../../../src/http/metrics-access.js';
import type { Listening } from '../../../src/http/server.js';
import type { Tools } from '../../../src/shell/ports/tools.js';
import { makeSources, token } from './local-sources.js';

let server: Listening;
let base = '';
const headers = { authorization: `Bearer ${token.reveal()}` };

beforeEach(async () => {
  server = await listenLocal({ host: '127.0.0.1', port: 0 }, localApp(token, makeSources()));
  base = `http://127.0.0.1:${server.port}`;
});

afterEach(() => server.close());

it('serves the health with 200, also where it is degraded', async () => {
  const response = await fetch(`${base}/health`, { headers });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'degraded', problems: ['x'] });
});

it('tells everybody no more than the status', async () => {
  expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'degraded' });
});

it('serves the metrics as Prometheus text', async () => {
  const response = await fetch(`${base}/metrics`, { headers });
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toBe('moenet_agent_info 1\n');
});

describe('the token for metrics', () => {
  const scraper = { authorization: 'Bearer scrape-9b1c' };
  const access = { token: new Secret('scrape-9b1c') };

  async function served(metrics: MetricsAccess, use: (base: string) => Promise<void>): Promise<void> {
    const own = await listenLocal(
      { host: '127.0.0.1', port: 0 },
      localApp(token, makeSources(), { metrics }),
    );
    await use(`http://127.0.0.1:${own.port}`).finally(() => own.close());
  }

  it('reads them, and so does the node’s own', () =>
    served(access, async (at) => {
      expect((await fetch(`${at}/metrics`, { headers: scraper })).status).toBe(200);
      expect((await fetch(`${at}/metrics`, { headers })).status).toBe(200);
      expect((await fetch(`${at}/metrics`)).status).toBe(401);
    }));

  it('opens nothing else', () =>
    served(access, async (at) => {
      for (const [method, path] of calls.filter(([, each]) => each !== '/metrics'))
        expect((await fetch(`${at}${path}`, { method, headers: scraper })).status).toBe(401);
      for (const path of ['/metrics/', '//metrics', '/metrics/../status', '/METRICS'])
        expect((await fetch(`${at}${path}`, { headers: scraper })).status).not.toBe(200);
      expect((await fetch(`${at}/metrics`, { method: 'POST', headers: scraper })).status).toBe(405);
      expect(await (await fetch(`${at}/health`, { headers: scraper })).json()).toEqual({
        status: 'degraded',
      });
    }));

  it('is not needed on this machine where the operator says so, for nothing but metrics', () =>
    served({ isOpenOnLoopback: true }, async (at) => {
      expect((await fetch(`${at}/metrics`)).status).toBe(200);
      expect((await fetch(`${at}/status`)).status).toBe(401);
    }));

  it.each([
    ['a page in a browser asks by a name of its own', { host: 'rebound.example:24368' }],
    ['a proxy forwards it', { 'x-forwarded-for': '203.0.113.7' }],
    ['a proxy forwards it', { via: '1.1 proxy' }],
  ])('is needed where %s', (_, sent) =>
    served({ isOpenOnLoopback: true }, async (at) => {
      const { statusCode } = await request(`${at}/metrics`, { headers: sent });
      expect(statusCode).toBe(401);
    }),
  );
});

const calls = [
  ['POST', '/ping'],
  ['POST', '/tcping'],
  ['POST', '/trace'],
  ['POST', '/route'],
  ['POST', '/path'],
  ['POST', '/dig'],
  ['POST', '/restart'],
  ['GET', '/peer/dn42_4242420001'],
  ['GET', '/health/sessions'],
  ['POST', '/health/fix'],
  ['GET', '/status'],
  ['GET', '/maintenance'],
  ['POST', '/maintenance/start'],
  ['POST', '/maintenance/stop'],
  ['GET', '/community'],
  ['GET', '/history?session=AS4242421080'],
  ['POST', '/probe/now'],
  ['POST', '/probe/stats'],
  ['GET', '/metrics'],
  ['POST', '/sync'],
  ['GET', '/sync'],
  ['GET', '/nothing'],
] as const;

it.each(calls)('%s %s needs the token', async (method, path) => {
  for (const authorization of ['', 'Bearer', 'Bearer the-toke', 'Bearer the-token2', 'Basic the-token']) {
    const response = await fetch(`${base}${path}`, { method, headers: { authorization } });
    expect([response.status, await response.json()]).toEqual([
      401,
      { error: 'the bearer token is missing or wrong' },
    ]);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  }
});

it.each([
  ['POST', '/restart', { peer_name: 'dn42_4242420001' }],
  ['GET', '/health/sessions', undefined],
  ['POST', '/route', { target: '172.20.0.53' }],
  ['POST', '/maintenance/start', undefined],
  ['POST', '/sync', undefined],
  ['GET', '/sync', undefined],
  ['POST', '/probe/now', { asn: 4242420001 }],
])('%s %s waits for the agent to have started', async (method, path, body) => {
  const response = await fetch(`${base}${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: 'the agent is starting; try again in a moment' },
  ]);
});

it('answers 404 with an error in JSON for any other path', async () => {
  const response = await fetch(`${base}/nothing`, { headers });
  expect([response.status, await response.json()]).toEqual([404, { error: 'no such path' }]);
});

it('answers 405 with the method that is allowed', async () => {
  const response = await fetch(`${base}/health`, { method: 'DELETE', headers });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  expect(await response.json()).toEqual({ error: 'use GET' });
});

it('synchronizes by GET as by POST, but not by HEAD', async () => {
  await server.close();
  let syncs = 0;
  const sources = makeSources({
    operations: () => ({}) as never,
    resync: async () => {
      syncs += 1;
      return { ok: true, changes: [], errors: [] };
    },
  });
  server = await listenLocal({ host: '127.0.0.1', port: 0 }, localApp(token, sources));
  const ask = (method: string) => fetch(`http://127.0.0.1:${server.port}/sync`, { method, headers });
  for (const method of ['POST', 'GET']) {
    const response = await ask(method);
    expect([response.status, await response.json()]).toEqual([200, { status: 'sync_triggered' }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
  expect(syncs).toBe(2);
  const response = await ask('HEAD');
  expect([response.status, response.headers.get('allow'), syncs]).toEqual([405, 'GET, POST', 2]);
});

it('refuses a large body', async () => {
  const response = await fetch(`${base}/ping`, { method: 'POST', headers, body: 'x'.repeat(100_000) });
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: 'the body is larger than 64 KiB' },
  ]);
});

it.each(['', '{', '[]', '{}', '{"target": 7}', '{"target": ""}', '{"target": "a b"}'])(
  'refuses the body %j of a tool with a reason',
  async (body) => {
    const response = await fetch(`${base}/ping`, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }]);
  },
);

it('gives a tool the parsed target', async () => {
  const ask = async (path: string, target: string) => {
    const body = JSON.stringify({ target });
    return (await fetch(`${base}${path}`, { method: 'POST', headers, body })).json();
  };
  expect(await ask('/ping', ' 172.20.0.53 ')).toEqual({
    result: 'ping {"kind":"address","address":"172.20.0.53"}',
  });
  expect(await ask('/tcping', '[FD42::0]:443')).toEqual({
    result: 'tcping {"host":{"kind":"address","address":"fd42::"},"port":443}',
  });
  expect(await ask('/dig', 'Burble.dn42. aaaa')).toEqual({
    result: 'dig {"name":"burble.dn42","type":"AAAA"}',
  });
});

it('ends a tool when the caller hangs up', async () => {
  await server.close();
  let ended: (() => void) | undefined;
  const hungUp = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const caller = new AbortController();
  const ping: Tools['ping'] = (_, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        ended?.();
        reject(signal.reason);
      });
      caller.abort();
    });
  server = await listenLocal(
    { host: '127.0.0.1', port: 0 },
    localApp(token, makeSources({ tools: { ...makeSources().tools, ping } })),
  );
  const body = JSON.stringify({ target: '172.20.0.53' });
  const asked = fetch(`http://127.0.0.1:${server.port}/ping`, {
    method: 'POST',
    headers,
    body,
    signal: caller.signal,
  });
  await expect(asked).rejects.toThrow('aborted');
  await hungUp;
});

it('refuses large headers', async () => {
  const response = await fetch(`${base}/health`, { headers: { 'x-large': 'x'.repeat(10_000) } });
  expect(response.status).toBe(431);
});

it('survives bytes that are not HTTP', async () => {
  const socket = connect(server.port, '127.0.0.1');
  socket.end('\x16\x03\x01 nonsense\r\n\r\n');
  expect(await readText(socket)).toContain('400 Bad Request');
  expect((await fetch(`${base}/health`)).status).toBe(200);
});

it('listens on every address of both families where no host is named', async () => {
  const everywhere = await listenLocal({ host: undefined, port: 0 }, localApp(token, makeSources()));
  for (const host of ['127.0.0.1', '[::1]'])
    expect((await fetch(`http://${host}:${everywhere.port}/health`)).status).toBe(200);
  await everywhere.close();
});

it('says what to do where the port is taken', async () => {
  await expect(
    listenLocal({ host: '127.0.0.1', port: server.port }, localApp(token, makeSources())),
  ).rejects.toThrow(
    `cannot listen on 127.0.0.1:${server.port}: another program uses that port; stop it or set server.listen`,
  );
});

it('closes although a client keeps its connection open', async () => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  await server.close();
  await expect(fetch(`${base}/health`)).rejects.toThrow();
  server = { port: 0, close: async () => {} };
});
