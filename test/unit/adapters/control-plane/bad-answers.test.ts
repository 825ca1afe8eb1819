import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { closedPort, cutOff, drip, flood } from './broken-answers.js';
import { type Answer, sendJson } from './loopback-server.js';
import { failureOf, noSessions, open, serve, token } from './opened-client.js';

describe('an answer that is none', () => {
  it.each<[string, Answer, object]>([
    [
      'the body is cut',
      (response) => cutOff(response, { 'content-length': '100' }),
      { kind: 'unreachable', message: expect.stringContaining('broke during the answer') },
    ],
    [
      'the chunked body is cut',
      (response) => cutOff(response),
      { kind: 'unreachable', message: expect.stringContaining('broke during the answer') },
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
        message: 'GET sessions: the answer is not complete JSON. It begins: <html> <b>hi</b>',
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
      /127.0.0.1:\d+ does not speak TLS, perhaps plain HTTP; does bootstrap.apiUrl need http:/,
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

  it('of a redirection names its target, which never gets a request', async () => {
    const other = await serve(noSessions);
    const server = await serve((response) =>
      response.writeHead(307, { location: `${other.url}/agent/jp1/sessions?token=${token}` }).end(),
    );
    const failure = await failureOf(open(server.url).fetchSessions());
    expect(failure).toMatchObject({ kind: 'redirected', status: 307 });
    expect(failure.message).toContain(`redirects to ${new URL(other.url).host}; the agent does not follow`);
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
