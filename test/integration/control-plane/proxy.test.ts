import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findProxy } from '../../../src/config/proxy.js';
import { type ForwardProxy, openForwardProxy } from '../../unit/adapters/control-plane/forward-proxy.js';
import { sendJson } from '../../unit/adapters/control-plane/loopback-server.js';
import {
  closedAfterTest,
  failureOf,
  noSessions,
  open,
  serve,
  token,
} from '../../unit/adapters/control-plane/opened-client.js';
import { openTlsServer } from './tls-server.js';

const login = 'operator:w0rd-of-the-proxy';
const authorization = `Basic ${Buffer.from(login).toString('base64')}`;

async function openProxy(port: number): Promise<ForwardProxy> {
  return closedAfterTest(await openForwardProxy({ port }));
}

/** A client that the environment sends through the proxy. */
function openThrough(apiUrl: string, { host }: Pick<ForwardProxy, 'host'>, retries = 0) {
  const { proxy } = findProxy(apiUrl, { HTTP_PROXY: `http://${login}@${host}`, NO_PROXY: 'localhost' });
  return open(apiUrl, { proxy, limits: { retries, headersTimeoutMs: 500 } });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

async function failure(call: Promise<unknown>): Promise<string> {
  const error = await failureOf(call);
  const shown = inspect(error, { depth: 20, showHidden: true });
  expect(shown).not.toContain('w0rd-of-the-proxy');
  expect(shown).not.toContain(authorization.slice(6));
  return error.message;
}

describe('a control plane over http', () => {
  it('is asked through the proxy, which gets its login, and the control plane does not', async () => {
    const server = await serve(noSessions);
    const proxy = await openProxy(portOf(server.url));
    expect(await openThrough('http://cp.example.net/prefix', proxy).fetchSessions()).toEqual([]);
    expect(proxy.asked.map(({ line }) => line)).toEqual([
      'GET http://cp.example.net/prefix/agent/jp1/sessions',
    ]);
    expect(proxy.asked[0]?.headers).toMatchObject({
      'proxy-authorization': authorization,
      host: 'cp.example.net',
    });
    expect(server.seen).toMatchObject([{ url: '/prefix/agent/jp1/sessions' }]);
    expect(server.seen[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  it('is asked again at the same address after a failure, a POST with its body too', async () => {
    const server = await serve((response, _, count) => sendJson(response, {}, count < 3 ? 503 : 200));
    const proxy = await openProxy(portOf(server.url));
    await openThrough('http://cp.example.net:8080', proxy, 2).postReport([]);
    expect(proxy.asked.map(({ line }) => line)).toEqual(
      Array(3).fill('POST http://cp.example.net:8080/agent/jp1/report'),
    );
    expect(server.seen.map(({ body }) => body)).toEqual(Array(3).fill('{"sessions":[]}'));
  });

  it('is out of reach with the proxy’s own reason', async () => {
    const server = await serve(noSessions);
    const proxy = await openProxy(portOf(server.url));
    const controlPlane = openThrough('http://cp.example.net', proxy);
    proxy.refuse = 407;
    expect(await failure(controlPlane.fetchSessions())).toContain(
      `the proxy ${proxy.host} wants another user name and password`,
    );
  });
});

describe('a control plane over https', () => {
  it('is asked in a tunnel, in which the proxy does not see the token', async () => {
    const server = closedAfterTest(await openTlsServer());
    const proxy = await openProxy(server.port);
    const words = await failure(openThrough('https://cp.example.net', proxy).fetchSessions());
    expect(words).toContain(
      `TLS with cp.example.net behind the proxy ${proxy.host} failed: its certificate is self-signed`,
    );
    expect(proxy.asked.map(({ line }) => line)).toEqual(['CONNECT cp.example.net:443']);
    expect(proxy.asked[0]?.headers).toMatchObject({ 'proxy-authorization': authorization });
    expect(JSON.stringify(proxy.asked)).not.toContain(token);
  });

  it.each([
    [407, (host: string) => `the proxy ${host} wants another user name and password`],
    [
      403,
      (host: string) => `the proxy ${host} does not let this node through to cp.example.net (it answers 403)`,
    ],
  ])('is out of reach with the proxy’s own reason (%i)', async (status, expected) => {
    const proxy = await openProxy(1);
    proxy.refuse = status;
    expect(await failure(openThrough('https://cp.example.net', proxy).fetchSessions())).toContain(
      expected(proxy.host),
    );
  });

  it('is distinguished from a proxy that is down', async () => {
    const proxy = await openForwardProxy({ port: 1 });
    await proxy.close();
    expect(await failure(openThrough('https://cp.example.net', proxy).fetchSessions())).toContain(
      `the proxy ${proxy.host} refuses the connection`,
    );
  });

  it('fails in time if the proxy never answers', async () => {
    const silent = await serve(() => undefined);
    const proxy = { host: new URL(silent.url).host };
    const words = await failure(openThrough('http://cp.example.net', proxy).fetchSessions());
    expect(words).toContain(`no answer from cp.example.net behind the proxy ${proxy.host} in time`);
  });
});

it('a control plane that no_proxy names is asked directly', async () => {
  const server = await serve(noSessions);
  const proxy = await openProxy(1);
  const { proxy: none } = findProxy(server.url, { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: '*' });
  expect(await open(server.url, { proxy: none }).fetchSessions()).toEqual([]);
  expect(proxy.asked).toEqual([]);
});
