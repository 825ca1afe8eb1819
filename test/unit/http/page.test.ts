import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { listenControlSocket } from '../../../src/http/control-socket.js';
import { listenLocal, localApp } from '../../../src/http/listen-local.js';
import type { Listening } from '../../../src/http/server.js';
import type { Handlers } from '../../../src/shell/daemon-api.js';
import { goodStatus } from '../../fakes/node-status.js';
import { makePage, makeSources, token } from './local-sources.js';

const loopback = { host: '127.0.0.1', port: 0 };

let server: Listening;
let base = '';

beforeEach(async () => {
  server = await listenLocal(loopback, localApp(token, makeSources(), { hosts: ['127.0.0.1'] }));
  base = `http://127.0.0.1:${server.port}`;
});

afterEach(() => server.close());

function signIn(sent: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${base}/page/login`, { method: 'POST', body: JSON.stringify(sent), headers });
}

async function cookie(): Promise<string> {
  const answer = await signIn({ token: token.reveal() });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** A request with a `Host` of its own, which fetch does not send. */
function ask(
  where: { readonly port: number } | { readonly socketPath: string },
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    request({ ...where, path, headers }, (answer) => {
      readText(answer).then((text) => resolve({ status: answer.statusCode, text }), reject);
    })
      .once('error', reject)
      .end();
  });
}

const data = [
  '/page/live',
  '/page/explain?subject=x',
  '/page/events',
  '/page/plan',
  '/page/look-up/ping?target=x',
];

describe('the page', () => {
  it.each(['/', '/page/app.js', '/page/app.css', '/page/icon.svg'])(
    '%s is there for everybody',
    async (path) => {
      const answer = await fetch(`${base}${path}`);
      expect(answer.status).toBe(200);
      const again = await fetch(`${base}${path}`, {
        headers: { 'If-None-Match': answer.headers.get('etag') ?? '' },
      });
      expect([again.status, await again.text()]).toEqual([304, '']);
    },
  );

  it.each(['/', '/page/app.js', '/page/session', '/page/plan', '/page/nothing'])(
    'lets the browser load nothing from elsewhere into %s, nor show it in a frame',
    async (path) => {
      const { headers } = await fetch(`${base}${path}`);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );

  it.each(data)('keeps %s from who has not signed in', async (path) => {
    const answer = await fetch(`${base}${path}`, {
      headers: { Cookie: `moenet-agent-${server.port}=guess` },
    });
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'sign in first' }]);
  });

  it('shows data to who has the token, and lets no cache keep it', async () => {
    const headers = { Authorization: `Bearer ${token.reveal()}` };
    const answer = await fetch(`${base}/page/explain?subject=x`, { headers });
    expect(await answer.json()).toEqual({ matches: [], names: ['x'] });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['POST', 'PUT', 'DELETE'])('takes no %s besides signing in and out', async (method) => {
    const headers = { Cookie: await cookie() };
    for (const path of ['/', ...data]) {
      const { status } = await fetch(`${base}${path}`, { method, headers });
      expect([path, status]).toEqual([path, 405]);
    }
  });

  it('offers no operation that changes something', async () => {
    const headers = { Cookie: await cookie() };
    for (const path of [
      '/page/resync',
      '/page/session/x',
      '/page/bird/restart',
      '/page/adopt',
      '/page/maintenance',
    ])
      expect((await fetch(`${base}${path}`, { headers })).status).toBe(404);
  });

  it('does not make its session good for the API', async () => {
    const headers = { Cookie: await cookie() };
    for (const path of ['/status', '/metrics', '/sync'])
      expect((await fetch(`${base}${path}`, { headers })).status).toBe(401);
  });
});

describe('signing in', () => {
  it('gives a cookie that scripts and other sites do not get, for the paths of the page alone', async () => {
    const answer = await signIn({ token: token.reveal() });
    expect(answer.status).toBe(200);
    const set = answer.headers.get('set-cookie') ?? '';
    expect(set).toMatch(
      new RegExp(`^moenet-agent-${server.port}=[\\w-]{43}; Path=/page; HttpOnly; SameSite=Strict$`),
    );
    expect(set).not.toContain(token.reveal());
  });

  it('opens the data until one signs out', async () => {
    const headers = { Cookie: await cookie() };
    const explain = () => fetch(`${base}/page/explain?subject=x`, { headers });
    const session = async () => (await fetch(`${base}/page/session`, { headers })).json();
    expect((await explain()).status).toBe(200);
    expect(await session()).toEqual({ signedIn: true, canSignOut: true });
    const out = await fetch(`${base}/page/logout`, { method: 'POST', headers });
    expect(out.headers.get('set-cookie')).toMatch(/=; Max-Age=0; Path=\/page/);
    expect((await explain()).status).toBe(401);
    expect(await session()).toEqual({ signedIn: false, canSignOut: false });
  });

  it.each([{ token: 'the-toke' }, { token: 'the-token2' }])('refuses %j', async (sent) => {
    const answer = await signIn(sent);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
  });

  it.each([{}, { token: '' }, { token: 7 }, { token: 'x'.repeat(5000) }])(
    'takes %j for no token',
    async (sent) => {
      expect((await signIn(sent)).status).toBe(400);
    },
  );

  it('refuses even the token after ten wrong ones in a minute', async () => {
    for (let n = 0; n < 10; n++) expect((await signIn({ token: `wrong ${n}` })).status).toBe(401);
    const answer = await signIn({ token: token.reveal() });
    expect([answer.status, await answer.json()]).toEqual([
      429,
      { error: 'too many wrong tokens; try again in a minute' },
    ]);
  });
});

describe('the live status', () => {
  it('comes as server-sent events, and the end of the server ends it', async () => {
    const answer = await fetch(`${base}/page/live`, { headers: { Cookie: await cookie() } });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = answer.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toMatch(/^event: status\ndata: \{.*"node":"jp1".*\}\n\n$/);
    const ended = reader?.read().then(
      ({ done }) => done,
      () => true,
    );
    await server.close();
    expect(await ended).toBe(true);
    server = await listenLocal(loopback, localApp(token, makeSources(), { hosts: ['127.0.0.1'] }));
  });

  it('frees the place of a browser that has gone', async () => {
    const headers = { Cookie: await cookie() };
    for (let n = 0; n < 20; n++) {
      const gone = new AbortController();
      const answer = await fetch(`${base}/page/live`, { headers, signal: gone.signal });
      expect(answer.status).toBe(200);
      await answer.body?.getReader().read();
      gone.abort();
      // The server hears of it with the next turn of its loop.
      await expect
        .poll(async () => {
          const probe = new AbortController();
          const { status } = await fetch(`${base}/page/live`, { headers, signal: probe.signal });
          probe.abort();
          return status;
        })
        .toBe(200);
    }
  });
});

describe('other sites', () => {
  it.each(['evil.example', `evil.example:1`, 'localhost.evil.example'])(
    'do not get the page by pointing their name %s here',
    async (host) => {
      for (const path of ['/', '/page/app.js', '/page/session', '/page/login'])
        expect((await ask({ port: server.port }, path, { Host: host })).status).toBe(421);
    },
  );

  it('are told the address that works, with the port that they have', async () => {
    const { text } = await ask({ port: server.port }, '/', { Host: 'jp1.example.net:8123' });
    expect(text).toContain('at no other name: http://localhost:8123/');
  });

  it('leave the API as it is, which is asked by any name', async () => {
    const headers = { Host: 'jp1.example.net', Authorization: `Bearer ${token.reveal()}` };
    expect((await ask({ port: server.port }, '/status', headers)).status).toBe(200);
  });

  it.each(['cross-site', 'same-site'])(
    'cannot ask for data with the cookie of the browser (%s)',
    async (site) => {
      const headers = { Cookie: await cookie(), 'Sec-Fetch-Site': site };
      for (const path of data) expect((await fetch(`${base}${path}`, { headers })).status).toBe(403);
      expect((await signIn({ token: token.reveal() }, headers)).status).toBe(403);
      expect((await fetch(`${base}/`, { headers })).status).toBe(200);
    },
  );
});

describe('over the socket for readers', () => {
  it('needs no token, and is at no stranger name either', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'moenet-agent-page-'));
    const handlers = { status: () => goodStatus } as Partial<Handlers> as Handlers;
    const control = await listenControlSocket(join(directory, 'agent.sock'), handlers, undefined, makePage());
    onTestFinished(async () => {
      await control.close();
      await rm(directory, { recursive: true });
    });
    const read = { socketPath: join(directory, 'read.sock') };
    const host = { Host: '127.0.0.1:24368' };
    expect((await ask(read, '/', host)).text).toBe('<!doctype html>');
    expect(JSON.parse((await ask(read, '/page/session', host)).text)).toEqual({
      signedIn: true,
      canSignOut: false,
    });
    expect((await ask(read, '/page/explain?subject=x', host)).status).toBe(200);
    for (const path of ['/', '/page/explain?subject=x', '/status'])
      expect((await ask(read, path, { Host: 'evil.example' })).status).toBe(421);
    expect((await ask({ socketPath: join(directory, 'agent.sock') }, '/', host)).status).toBe(404);
  });
});
