import type { Context, MiddlewareHandler } from 'hono';
import { isOwnHost } from './page-hosts.js';

/**
 * Only what the page itself needs: its own script, style, icon and data. No inline script or style, no frame, no form that is sent by the
 * browser, no text that becomes HTML (Trusted Types).
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export function isPagePath(path: string): boolean {
  return path === '/' || path === '/page' || path.startsWith('/page/');
}

/** What each request of the page must pass. `isAllowed`: who may see data; `open` paths have none. */
export function pageGate(options: {
  readonly listen: readonly (string | undefined)[];
  readonly open: readonly string[];
  readonly isAllowed: (context: Context) => boolean;
}): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    const { error, status } = refusalOf(context, options) ?? {};
    if (status !== undefined) return context.json({ error }, status, { 'Cache-Control': 'no-store' });
    await next();
    if (!context.res.headers.has('Cache-Control')) context.header('Cache-Control', 'no-store');
    return undefined;
  };
}

function refusalOf(
  context: Context,
  { listen, open, isAllowed }: Parameters<typeof pageGate>[0],
): { readonly error: string; readonly status: 401 | 403 | 421 } | undefined {
  const { path } = context.req;
  const [port] = /:\d{1,5}$/.exec(context.req.header('Host') ?? '') ?? [];
  if (!isOwnHost(context.req.header('Host'), listen))
    return {
      status: 421,
      error: `the page is at an address of this machine or at localhost, and at no other name: http://localhost${port ?? ''}/`,
    };
  // Other pages of the same browser, such as one on another port, must not make it ask.
  const site = context.req.header('Sec-Fetch-Site') ?? 'none';
  if (path !== '/' && site !== 'same-origin' && site !== 'none')
    return { status: 403, error: 'another page asks; only the page itself may' };
  if (open.includes(path) || isAllowed(context)) return undefined;
  return { status: 401, error: 'sign in first' };
}
