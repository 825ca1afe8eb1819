import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { Handlers } from '../shell/daemon-api.js';
import { bearer, isToken } from './bearer.js';
import { answerEvents } from './event-streams.js';
import type { LookUps } from './look-ups.js';
import { operationRoute } from './operation-route.js';
import { type PageFiles, pageRoute, servesText } from './page-files.js';
import { pageGate } from './page-gate.js';
import type { LiveStatus } from './page-live.js';
import { openFailures, openPageSessions, type PageSessions } from './page-sessions.js';
import { HttpError, type Route, readBody } from './server.js';

/** What the page of the node shows, however it is reached. */
export interface Page {
  readonly files: PageFiles;
  readonly live: LiveStatus;
  readonly handlers: Handlers;
  readonly lookUps: LookUps;
}

/** What the daemon answers that the page asks, all of it without a change. */
const asked = ['explain', 'explainRoute', 'events', 'plan', 'history'] as const;

const lifeMs = 12 * 3600_000;
const failuresPerMinute = 10;

/** Routes, and the gate before them. */
interface PageServer {
  readonly routes: readonly Route[];
  readonly gate: MiddlewareHandler;
}

/** The page for those who can open a unix socket: they need no token. */
export function openPage(page: Page): PageServer {
  const routes = [
    ...commonRoutes(page, () => true),
    sessionRoute(() => ({ signedIn: true, canSignOut: false })),
  ];
  return { routes, gate: pageGate({ listen: ['localhost'], open: [], isAllowed: () => true }) };
}

/** The page for those who have the token: in each request, or once, for a session. */
export function guardedPage(
  page: Page,
  token: Parameters<typeof bearer>[0],
  listen: readonly (string | undefined)[],
): PageServer {
  const nowMs = () => performance.now();
  const sessions = openPageSessions({ nowMs, most: 32, lifeMs });
  const failures = openFailures(failuresPerMinute, nowMs);
  const hasToken = bearer(token);
  const isRight = isToken(token);
  const hasSession = (context: Context) => sessions.has(getCookie(context, cookieName(context)));
  const isAllowed = (context: Context) => hasSession(context) || hasToken(context);
  const routes: readonly Route[] = [
    ...commonRoutes(page, isAllowed),
    sessionRoute((context) => ({ signedIn: isAllowed(context), canSignOut: hasSession(context) })),
    pageRoute('POST', '/page/login', async (context) => {
      if (failures.isFull()) throw new HttpError(429, 'too many wrong tokens; try again in a minute');
      const body = await readBody(context, login);
      if (isRight(body.token)) return signIn(context, sessions);
      failures.add();
      return context.json({ error: 'this is not the token of the node' }, 401);
    }),
    pageRoute('POST', '/page/logout', (context) => {
      sessions.end(getCookie(context, cookieName(context)));
      deleteCookie(context, cookieName(context), { path: '/page' });
      return context.json({ signedIn: false });
    }),
  ];
  const open = ['/', '/page', '/page/session', '/page/login', '/page/logout', ...Object.keys(texts)];
  return { routes, gate: pageGate({ listen, open, isAllowed }) };
}

const login = z.object({ token: z.string().min(1, 'the token is empty').max(4096, 'the token is too long') });

function signIn(context: Context, sessions: PageSessions): Response {
  // Only the page's own paths get it. Without a `Secure`, which plain HTTP on the loopback has not.
  setCookie(context, cookieName(context), sessions.open(), {
    path: '/page',
    httpOnly: true,
    sameSite: 'Strict',
  });
  return context.json({ signedIn: true });
}

/** Browsers share cookies between the ports of a host: with the port, nodes behind several forwarded ports keep apart. */
function cookieName(context: Context): string {
  return `moenet-agent-${/:(\d{1,5})$/.exec(context.req.header('Host') ?? '')?.[1] ?? '80'}`;
}

const texts: Readonly<Record<string, readonly [keyof PageFiles, string]>> = {
  '/page/app.js': ['script', 'text/javascript'],
  '/page/app.css': ['style', 'text/css'],
  '/page/icon.svg': ['icon', 'image/svg+xml'],
};

/** `isAllowed` is asked again while a stream is open. */
function commonRoutes(page: Page, isAllowed: (context: Context) => boolean): readonly Route[] {
  return [
    pageRoute('GET', '/', servesText(page.files.html, 'text/html')),
    ...Object.entries(texts).map(([path, [name, type]]) =>
      pageRoute('GET', path, servesText(page.files[name], type)),
    ),
    pageRoute('GET', '/page/live', (context) =>
      answerEvents(
        context,
        page.live.open(() => isAllowed(context)),
      ),
    ),
    ...asked.map((name) => belowPage(operationRoute(name, page.handlers))),
    ...Object.entries(page.lookUps).map(([name, lookUp]) =>
      pageRoute('GET', `/page/look-up/${name}`, async (context) => {
        const { signal } = context.req.raw;
        return context.json({ result: await lookUp(context.req.query('target') ?? '', signal) });
      }),
    ),
  ];
}

function belowPage(route: Route): Route {
  return { ...route, path: `/page${route.path}` };
}

/** What the page must know before it asks for data. Always 200, so that a browser logs no error. */
function sessionRoute(state: (context: Context) => { signedIn: boolean; canSignOut: boolean }): Route {
  return pageRoute('GET', '/page/session', (context) => context.json(state(context)));
}
