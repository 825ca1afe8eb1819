import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  closedAfterTest,
  failureOf,
  noSessions,
  open,
  serve,
} from '../../unit/adapters/control-plane/opened-client.js';
import { openTlsServer } from './tls-server.js';

let tls: Awaited<ReturnType<typeof openTlsServer>>;
beforeEach(async () => {
  tls = await openTlsServer();
});
afterEach(() => tls.close());

/** A server that says this to everybody, and is closed after the test. */
async function greet(words: string | Buffer): Promise<AddressInfo> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    socket.end(words);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closedAfterTest({ close: async () => void server.close() });
  return server.address() as AddressInfo;
}

const isHttp =
  /127\.0\.0\.1:\d+ does not speak TLS, perhaps plain HTTP; does bootstrap\.apiUrl need http:\/\/\?$/;
const isTls = /127\.0\.0\.1:\d+ speaks TLS; does bootstrap\.apiUrl need https:\/\/\?/;

describe('an https URL', () => {
  it('of a port with plain HTTP is explained', async () => {
    const { url } = await serve(noSessions);
    const failure = await failureOf(open(url.replace('http:', 'https:')).fetchSessions());
    expect(failure.message).toMatch(isHttp);
    expect(failure.kind).toBe('unreachable');
  });

  it('of a port with TLS whose certificate is not trusted is not taken for that', async () => {
    const failure = await failureOf(open(`https://127.0.0.1:${tls.port}`).fetchSessions());
    expect(failure.message).toContain('its certificate is self-signed');
    expect(failure.message).not.toContain('apiUrl');
  });

  it('of a port with something else is explained as well', async () => {
    const { port } = await greet('SSH-2.0-OpenSSH_9.2\r\n');
    const failure = await failureOf(open(`https://127.0.0.1:${port}`).fetchSessions());
    expect(failure.message).toMatch(isHttp);
  });
});

describe('an http URL', () => {
  it('of a port with TLS is explained where that closes the connection', async () => {
    const failure = await failureOf(open(`http://127.0.0.1:${tls.port}`).fetchSessions());
    expect(failure.message).toMatch(
      /closed the connection without an answer \(if it speaks TLS, bootstrap\.apiUrl needs https:/,
    );
  });

  it('of a port with TLS is explained where that sends an alert', async () => {
    const { port } = await greet(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]));
    const failure = await failureOf(open(`http://127.0.0.1:${port}`).fetchSessions());
    expect(failure.message).toMatch(isTls);
  });

  it.each([
    ['nginx', '<h1>400 Bad Request</h1><center>The plain HTTP request was sent to HTTPS port</center>'],
    ['Apache', "Reason: You're speaking plain HTTP to an SSL-enabled server port."],
    ['Go', 'Client sent an HTTP request to an HTTPS server.\n'],
  ])('of a port with TLS is explained by the answer of %s', async (_, body) => {
    const server = await serve((response) => response.writeHead(400).end(body));
    const failure = await failureOf(open(server.url).fetchSessions());
    expect(failure.message).toMatch(isTls);
  });

  it('of a server that refuses a request is not taken for that', async () => {
    const server = await serve((response) => response.writeHead(400).end('{"error":"bad"}'));
    expect((await failureOf(open(server.url).fetchSessions())).message).not.toContain('apiUrl');
  });
});
