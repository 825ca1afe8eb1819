import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';
import type { Route } from './server.js';

/** What the browser gets of the page besides data: text that the program carries. */
export interface PageFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

/** Answers with the text, compressed where the browser takes that; 304 where the browser has it already. */
export function servesText(text: string, type: string): (context: Context) => Promise<Response> {
  // Of what nobody asks for, nothing is computed.
  let etag: string | undefined;
  let packed: Promise<Buffer> | undefined;
  return async (context) => {
    etag ??= `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    const headers = {
      'Content-Type': `${type}; charset=utf-8`,
      'Cache-Control': 'no-cache',
      ETag: etag,
      Vary: 'Accept-Encoding',
    };
    if (context.req.header('If-None-Match') === etag) return context.body(null, 304, headers);
    if (!/\bgzip\b/.test(context.req.header('Accept-Encoding') ?? ''))
      return context.body(text, 200, headers);
    packed ??= promisify(gzip)(text);
    return context.body(new Uint8Array(await packed), 200, { ...headers, 'Content-Encoding': 'gzip' });
  };
}

/** A route of a page. Not in the API document: a page and its server are always of the same version. */
export function pageRoute(method: Route['method'], path: string, handler: Route['handler']): Route {
  return { method, path, handler, told: { summary: 'The page', answer: 'text/html' } };
}
