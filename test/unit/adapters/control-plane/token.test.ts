import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { type Answer, sendJson } from './loopback-server.js';
import { failureOf, noSessions, open, serve, token } from './opened-client.js';

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

  it('of one letter does not shred what a failure says', async () => {
    const server = await serve((response) => sendJson(response, { error: 'database is locked' }, 500));
    const failing = open(server.url, { token: new Secret('e') }).fetchSessions();
    await expect(failing).rejects.toThrow(/500, the control plane failed \(it says: .*database is locked/);
  });

  it('is in no error where it cannot be sent', async () => {
    const bad = `${token}\nx`;
    const server = await serve(noSessions);
    const failure = await failureOf(open(server.url, { token: new Secret(bad) }).fetchSessions());
    expect(failure.kind).toBe('unreachable');
    expect(server.seen).toEqual([]);
  });
});
