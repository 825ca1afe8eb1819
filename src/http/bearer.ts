import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Secret } from '../core/model/values/secret.js';

/** True where the request carries the token (RFC 6750, section 2.1). */
export type IsAuthorized = (context: Context) => boolean;

export function bearer(token: Secret): IsAuthorized {
  const isRight = isToken(token);
  return (context) => {
    const sent = /^Bearer +(\S+) *$/i.exec(context.req.header('Authorization') ?? '')?.[1];
    return isRight(sent ?? '') && sent !== undefined;
  };
}

/** Compares digests of equal length that begin alike only by chance: the duration reveals nothing about the token. */
export function isToken(token: Secret): (sent: string) => boolean {
  const wanted = digest(token.reveal());
  return (sent) => timingSafeEqual(digest(sent), wanted);
}

/** Answers 401 to every request without the token; `open` paths need none. */
export function requireBearer(isAuthorized: IsAuthorized, open: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    if (open.includes(context.req.path) || isAuthorized(context)) return next();
    return context.json({ error: 'the bearer token is missing or wrong' }, 401, {
      'WWW-Authenticate': 'Bearer',
    });
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
