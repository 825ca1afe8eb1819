import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenLocal } from '../../../../src/adapters/local-http/listen-local.js';
import type { Listening } from '../../../../src/adapters/local-http/server.js';

let server: Listening;
let base = '';

beforeEach(async () => {
  server = await listenLocal(
    { host: '127.0.0.1', port: 0 },
    { health: () => ({ status: 'degraded', problems: ['x'] }), metrics: async () => 'moenet_agent_info 1\n' },
  );
  base = `http://127.0.0.1:${server.port}`;
});

afterEach(() => server.close());

it('serves the health with 200, also where it is degraded', async () => {
  const response = await fetch(`${base}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'degraded', problems: ['x'] });
});

it('serves the metrics as Prometheus text', async () => {
  const response = await fetch(`${base}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toBe('moenet_agent_info 1\n');
});

it('answers 404 with an error in JSON for any other path', async () => {
  const response = await fetch(`${base}/status`);
  expect([response.status, await response.json()]).toEqual([404, { error: 'there is nothing here' }]);
});

it('answers 405 with the method that is allowed', async () => {
  const response = await fetch(`${base}/health`, { method: 'DELETE' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  expect(await response.json()).toEqual({ error: 'use GET' });
});

it('refuses a large body', async () => {
  const response = await fetch(`${base}/health`, { method: 'POST', body: 'x'.repeat(100_000) });
  expect(response.status).toBe(413);
});

it('refuses large headers', async () => {
  const response = await fetch(`${base}/health`, { headers: { 'x-large': 'x'.repeat(10_000) } });
  expect(response.status).toBe(431);
});

it('survives what is not HTTP', async () => {
  const socket = connect(server.port, '127.0.0.1');
  socket.end('\x16\x03\x01 nonsense\r\n\r\n');
  expect(await readText(socket)).toContain('400 Bad Request');
  expect((await fetch(`${base}/health`)).status).toBe(200);
});

it('says what to do where the port is taken', async () => {
  const sources = { health: () => ({}), metrics: async () => '' };
  await expect(listenLocal({ host: '127.0.0.1', port: server.port }, sources)).rejects.toThrow(
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
