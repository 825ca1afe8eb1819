import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Hono } from 'hono';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenLocal, localApp } from '../../../src/http/listen-local.js';
import { type ConnectionLimits, type Listening, listen } from '../../../src/http/server.js';
import { patiently } from '../../patiently.js';
import { makeSources, token } from './local-sources.js';

const opened: Socket[] = [];
let server: Listening | undefined;

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await server?.close();
  server = undefined;
});

interface Client {
  readonly socket: Socket;
  text: string;
  isClosed: boolean;
}

async function open(port: number): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  opened.push(socket);
  const client: Client = { socket, text: '', isClosed: false };
  socket.setEncoding('utf8').on('data', (chunk) => {
    client.text += chunk;
  });
  socket.on('close', () => {
    client.isClosed = true;
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return client;
}

const closed = (client: Client) => vi.waitUntil(() => client.isClosed, patiently);
const health = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';

describe('the node’s own HTTP API', () => {
  it('has 100 connections at most, and a place again when one of them ends', async () => {
    server = await listenLocal({ host: '127.0.0.1', port: 0 }, localApp(token, makeSources()));
    const { port } = server;
    const clients = await Promise.all(Array.from({ length: 100 }, () => open(port)));
    await closed(await open(port));
    expect(clients.filter(({ isClosed }) => isClosed)).toEqual([]);
    clients[0]?.socket.destroy();
    await vi.waitUntil(async () => {
      const next = await open(port);
      next.socket.write(health);
      await vi.waitUntil(() => next.isClosed || next.text !== '', patiently);
      return next.text.startsWith('HTTP/1.1 200');
    }, patiently);
  });

  it('makes four look-ups at a time', async () => {
    let running = 0;
    let most = 0;
    const { tools, ...sources } = makeSources();
    const ping = async () => {
      running += 1;
      most = Math.max(most, running);
      await vi.waitFor(() => expect(most).toBeGreaterThanOrEqual(4), patiently);
      // For a fifth, which must not come.
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      return 'pong';
    };
    const app = localApp(token, { ...sources, tools: { ...tools, ping } });
    server = await listenLocal({ host: '127.0.0.1', port: 0 }, app);
    const ask = () =>
      fetch(`http://127.0.0.1:${server?.port}/ping`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token.reveal()}` },
        body: '{"target": "172.20.0.53"}',
      });
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(most).toBe(4);
  });
});

describe('a client that holds a connection', () => {
  const never = 3_600_000;
  const patient: ConnectionLimits = {
    connections: 100,
    headersMs: never,
    requestMs: never,
    idleMs: never,
    checkMs: 20,
  };
  const post = 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n';

  async function hold(limits: Partial<ConnectionLimits>, sent: string): Promise<Client> {
    const app = new Hono().get('/health', (context) => context.text('well'));
    app.post('/x', async (context) => context.text(await context.req.text().catch(() => '')));
    server = await listen(app, { host: '127.0.0.1', port: 0 }, { ...patient, ...limits });
    const client = await open(server.port);
    client.socket.write(sent);
    return client;
  }

  it.each<[string, Partial<ConnectionLimits>, string, string]>([
    ['sends no end of the headers', { headersMs: 50 }, 'GET /health HTTP/1.1\r\nHost', '408 '],
    ['sends no end of the body', { headersMs: 50, requestMs: 50 }, `${post}1234`, '408 '],
    ['sends no other request', { idleMs: 50 }, health, '200 '],
  ])('and %s is cut off', async (_, limits, sent, answer) => {
    const client = await hold(limits, sent);
    // Well below Node's own limits, of which the shortest is 5 s.
    await vi.waitUntil(() => client.isClosed, { timeout: 4_000 });
    expect(client.text).toMatch(new RegExp(`^HTTP/1.1 ${answer}`));
  });

  it('is not cut off as long as it keeps to the limits', async () => {
    const client = await hold({}, post);
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.socket.write('12345');
    await vi.waitUntil(() => client.text.endsWith('12345'), patiently);
    expect(client.isClosed).toBe(false);
  });
});
