import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { noArchive } from '../../../../src/adapters/control-plane/archive.js';
import { ControlPlaneError } from '../../../../src/adapters/control-plane/control-plane-error.js';
import {
  type ControlPlaneOptions,
  openControlPlane,
} from '../../../../src/adapters/control-plane/open-control-plane.js';
import { Secret } from '../../../../src/core/model/secret.js';
import { type Answer, type LoopbackServer, openServer, sendJson } from './loopback-server.js';

const token = 'S3cret/token+with~signs';

const shortLimits = {
  connectTimeoutMs: 5000,
  headersTimeoutMs: 5000,
  bodyTimeoutMs: 5000,
  totalTimeoutMs: 5000,
  maxBodyBytes: 2 * 1024 * 1024,
  retries: 0,
  minRetryMs: 5,
  maxRetryMs: 60,
};

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(answer: Answer): Promise<LoopbackServer> {
  const server = await openServer(answer);
  cleanups.push(() => server.close());
  return server;
}

function open(apiUrl: string, changes: Partial<ControlPlaneOptions> = {}) {
  const { limits, ...options } = changes;
  const controlPlane = openControlPlane({
    apiUrl,
    nodeName: 'jp1',
    token: new Secret(token),
    requestsPerMinute: 60_000,
    archive: noArchive,
    limits: { ...shortLimits, ...limits },
    ...options,
  });
  cleanups.push(() => controlPlane.close());
  return controlPlane;
}

async function failureOf(call: Promise<unknown>): Promise<ControlPlaneError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ControlPlaneError)) throw error;
  expect(inspect(error, { depth: 20, showHidden: true }).toLowerCase()).not.toContain(token.toLowerCase());
  return error;
}

const noSessions: Answer = (response) => sendJson(response, { sessions: [] });

describe('a request', () => {
  it('goes to the path below the prefix of the base URL, with the token', async () => {
    const server = await serve(noSessions);
    await open(`${server.url}/some/prefix/`, { nodeName: 'a/b c' }).fetchSessions();
    expect(server.seen).toMatchObject([
      {
        method: 'GET',
        url: '/some/prefix/agent/a%2Fb%20c/sessions',
        headers: { authorization: `Bearer ${token}` },
      },
    ]);
  });

  it('goes without the token where it is no agent call', async () => {
    const server = await serve((response) => sendJson(response, { status: 'ok' }));
    await open(server.url).checkHealth();
    expect(server.seen).toMatchObject([{ url: '/health' }]);
    expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('uses one of few connections', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((response) => {
      ports.add(response.socket?.remotePort);
      sendJson(response, { sessions: [] });
    });
    const controlPlane = open(server.url);
    await Promise.all(Array.from({ length: 20 }, () => controlPlane.fetchSessions()));
    expect(ports.size).toBeLessThanOrEqual(4);
  });

  it('takes 1,000 sessions within the default limits', async () => {
    const session = (number: number) => ({
      uuid: `session-${number}`,
      asn: 4242420000 + number,
      status: 1,
      description: 'x'.repeat(500),
      ipv6LinkLocal: 'fe80::1',
      interface: `wg_${number}`,
      port: 20000 + number,
      credential: 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=',
    });
    const server = await serve((response) =>
      sendJson(response, { sessions: Array.from({ length: 1000 }, (_, n) => session(n)) }),
    );
    const controlPlane = openControlPlane({
      apiUrl: server.url,
      nodeName: 'jp1',
      token: new Secret(token),
      requestsPerMinute: 240,
      archive: noArchive,
    });
    cleanups.push(() => controlPlane.close());
    const sessions = await controlPlane.fetchSessions();
    expect(sessions.filter((entry) => entry.kind === 'session')).toHaveLength(1000);
  });
});

describe('an answer that is none', () => {
  it.each<[string, Answer, object]>([
    [
      'the body is cut',
      (response) => cutOff(response, { 'content-length': '100' }),
      { kind: 'unreachable', message: expect.stringContaining('broke off') },
    ],
    [
      'the chunked body is cut',
      (response) => cutOff(response),
      { kind: 'unreachable', message: expect.stringContaining('broke off') },
    ],
    ['the connection is closed', (response) => void response.socket?.destroy(), { kind: 'unreachable' }],
    ['it is no HTTP', (response) => void response.socket?.end('hello\r\n\r\n'), { kind: 'unreachable' }],
    ['the body is too large', (response) => flood(response), { kind: 'too-large' }],
    ['an error is too large', (response) => flood(response, 400), { kind: 'rejected', status: 400 }],
    ['it nests too deep', (response) => void response.end('['.repeat(1e6)), { kind: 'wrong-shape' }],
    [
      'an ignored part of it nests too deep',
      (response) => void response.end(`{"sessions": [], "x": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
      { kind: 'wrong-shape' },
    ],
    [
      'the declared length is too large',
      (response) => void response.writeHead(200, { 'content-length': '999999999' }).write('x'.repeat(3e6)),
      { kind: 'too-large' },
    ],
    [
      'the headers are too large',
      (response) => sendJson(response, {}, 200, { a: 'x'.repeat(50_000) }),
      { kind: 'too-large' },
    ],
    [
      'the JSON is cut',
      (response) => void response.end('{"sessions": [{"uu'),
      { kind: 'not-json', message: expect.stringContaining('{"sessions": [{"uu') },
    ],
    [
      'it is HTML',
      (response) => void response.end('<html>\n\u0007<b>hi</b>'),
      {
        kind: 'not-json',
        message: 'GET sessions: the answer is not JSON, or not all of it. It begins: <html> <b>hi</b>',
      },
    ],
    [
      'it is empty',
      (response) => void response.writeHead(204).end(),
      { kind: 'not-json', message: 'GET sessions: the answer is empty' },
    ],
    ['it has no list', (response) => sendJson(response, { error: token }), { kind: 'wrong-shape' }],
  ])('fails the call where %s', async (_name, answer, expected) => {
    const server = await serve(answer);
    const failure = await failureOf(open(server.url).fetchSessions());
    expect(failure).toMatchObject({ call: 'GET sessions', ...expected });
    expect(failure.message).toMatch(/^GET sessions: [^\n]+$/);
    expect(server.seen).toHaveLength(1);
  });

  it('fails the call where headers do not come, or the body stops', async () => {
    const limits = { headersTimeoutMs: 150, bodyTimeoutMs: 150 };
    const silent = await serve(() => {});
    const stopping = await serve(
      (response) => void response.writeHead(200, { 'content-length': '100' }).write('{'),
    );
    const calls = [silent, stopping].map(({ url }) => failureOf(open(url, { limits }).fetchSessions()));
    expect(await Promise.all(calls)).toMatchObject([
      { kind: 'timeout', message: expect.stringMatching(/no answer from 127.0.0.1:\d+ in time$/) },
      {
        kind: 'timeout',
        message: expect.stringMatching(/the answer of 127.0.0.1:\d+ stopped in the middle$/),
      },
    ]);
  });

  it.each([200, 500])(
    'fails the call where it drips and does not come to an end (status %i)',
    async (status) => {
      const server = await serve((response) => drip(response, status));
      const failure = await failureOf(
        open(server.url, { limits: { totalTimeoutMs: 200, retries: 1 } }).fetchSessions(),
      );
      expect(failure).toMatchObject({
        kind: 'timeout',
        message: expect.stringContaining('was not complete in time'),
      });
      expect(server.seen).toHaveLength(1);
    },
  );

  it('is never asked for in parts', async () => {
    const server = await serve((response) => cutOff(response, { 'content-length': '100', etag: '"1"' }));
    await failureOf(open(server.url, { limits: { retries: 3 } }).fetchSessions());
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ['a closed port', async () => `http://127.0.0.1:${await closedPort()}`, /refuses the connection$/],
    [
      'a closed port by both families',
      async () => `http://localhost:${await closedPort()}`,
      /refuses the connection$/,
    ],
    [
      'plain HTTP where TLS is wanted',
      async () => (await serve(noSessions)).url.replace('http:', 'https:'),
      /TLS with 127.0.0.1:\d+ failed/,
    ],
  ])('comes from %s', async (_name, url, message) => {
    const failure = await failureOf(open(await url()).fetchSessions());
    expect(failure).toMatchObject({ kind: 'unreachable', status: undefined });
    expect(failure.message).toMatch(message);
  });
});

describe('an HTTP status', () => {
  it.each<[number, string, string]>([
    [401, 'unauthorized', "401, the control plane refuses this node's token"],
    [403, 'unauthorized', "403, the control plane refuses this node's token"],
    [404, 'unknown-node', '404, the control plane does not know node jp1 (are nodeName and apiUrl right?)'],
    [422, 'rejected', '422, the control plane does not accept the request'],
    [429, 'rate-limited', '429, too many requests'],
    [500, 'server-error', '500, the control plane failed'],
    [503, 'server-error', '503, the control plane failed'],
  ])('of %i is told as %s, with what the server says in one short line', async (status, kind, words) => {
    const server = await serve((response) =>
      response.writeHead(status).end(`no\r\n\u001b[31m ${token} ${'x'.repeat(9000)}`),
    );
    const failure = await failureOf(open(server.url).fetchSessions());
    expect(failure).toMatchObject({ call: 'GET sessions', kind, status });
    expect(failure.message).toMatch(/^GET sessions: .* \(it says: no \[31m \[token\] x{100,160}…\)$/);
    expect(failure.message.startsWith(`GET sessions: ${words}`)).toBe(true);
  });

  it('of a redirection is told with its target, which never sees a request', async () => {
    const other = await serve(noSessions);
    const server = await serve((response) =>
      response.writeHead(307, { location: `${other.url}/agent/jp1/sessions?token=${token}` }).end(),
    );
    const failure = await failureOf(open(server.url).fetchSessions());
    expect(failure).toMatchObject({ kind: 'redirected', status: 307 });
    expect(failure.message).toContain(`redirects to ${new URL(other.url).host}, not followed`);
    expect(other.seen).toEqual([]);
  });

  it.each([
    ['nowhere', undefined],
    ['to what is no URL', 'http://['],
    ['to a host named after the token', `http://${token.replace(/[/+~]/g, '')}.example/`],
  ])('of a redirection %s is an error too', async (_name, location) => {
    const plain = token.replace(/[/+~]/g, '');
    const server = await serve((response) =>
      response.writeHead(302, location === undefined ? {} : { location }).end(),
    );
    const failure = await failureOf(open(server.url, { token: new Secret(plain) }).fetchSessions());
    expect(failure.kind).toBe('redirected');
    expect(inspect(failure, { depth: 20 }).toLowerCase()).not.toContain(plain.toLowerCase());
  });
});

describe('the token', () => {
  it.each<[string, Answer]>([
    ['an error body', (response, { headers }) => response.writeHead(500).end(JSON.stringify(headers))],
    ['an answer that is no JSON', (response, { headers }) => response.end(String(headers.authorization))],
    [
      'a header',
      (response, { headers }) => response.writeHead(503, { 'x-you': String(headers.authorization) }).end(),
    ],
    ['the status line', (response) => response.socket?.end(`HTTP/1.1 500 ${token}\r\n\r\n`)],
    ['something that is no HTTP', (response) => response.socket?.end(`${token}\r\n\r\n`)],
  ])('is in no error when the server sends it back in %s', async (_name, answer) => {
    const server = await serve(answer);
    await failureOf(open(server.url, { limits: { retries: 1 } }).fetchSessions());
  });

  it('is in no reason when the server sends it back in a field', async () => {
    const server = await serve((response) =>
      sendJson(response, { sessions: [{ uuid: 'a', status: 1, interface: token }] }),
    );
    const entries = await open(server.url).fetchSessions();
    expect(entries).toMatchObject([{ kind: 'refused' }]);
    expect(JSON.stringify(entries)).not.toContain(token);
  });

  it('is in no error where it cannot be sent', async () => {
    const bad = `${token}\nx`;
    const server = await serve(noSessions);
    const failure = await failureOf(open(server.url, { token: new Secret(bad) }).fetchSessions());
    expect(failure.kind).toBe('unreachable');
    expect(server.seen).toEqual([]);
  });
});

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

  it('is told after the last try', async () => {
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

  it('is told at once where Retry-After asks for more than anyone waits here', async () => {
    const server = await serve((response) => sendJson(response, {}, 429, { 'retry-after': '3600' }));
    const failure = await failureOf(open(server.url, { limits: patient }).fetchSessions());
    expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3_600_000 });
    expect(failure.message).toContain('it asks to wait 3600 s');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a control plane that asks to be left in peace for long', () => {
  const busy: Answer = (response) => sendJson(response, {}, 429, { 'retry-after': '3600' });

  it('hears nothing until then, from any call, and each says why', async () => {
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
  it('holds for retries as for first requests', async () => {
    const server = await serve((response) => sendJson(response, {}, 500));
    // A burst of 30, then one each 222 ms.
    const limits = { retries: 32, maxRetryMs: 1 };
    await failureOf(open(server.url, { requestsPerMinute: 300, limits }).fetchSessions());
    const times = server.seen.map(({ atMs }) => atMs);
    expect(times).toHaveLength(33);
    expect(Number(times[32]) - Number(times[0])).toBeGreaterThan(400);
  });

  it('makes calls wait, not fail, however short the time limits', async () => {
    const server = await serve(noSessions);
    const controlPlane = open(server.url, {
      requestsPerMinute: 300,
      limits: { totalTimeoutMs: 500 },
    });
    const calls = Array.from({ length: 33 }, () => controlPlane.fetchSessions());
    await expect(Promise.all(calls)).resolves.toHaveLength(33);
  });
});

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

type Response = Parameters<Answer>[0];

function drip(response: Response, status = 200) {
  response.writeHead(status);
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

function cutOff(response: Response, headers: Record<string, string> = {}) {
  response.writeHead(200, headers).write('{"sessions": [', () => response.socket?.destroy());
}

function flood(response: Response, status = 200) {
  response.writeHead(status);
  const part = Buffer.alloc(64 * 1024, 'x');
  const more = () => {
    while (!response.destroyed && response.write(part));
  };
  response.on('drain', more);
  more();
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
