import { once } from 'node:events';
import type { Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, type Handler, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { TargetError } from '../core/lookups/target.js';

/** A server that listens; `port` is 0 on a unix socket. */
export interface Listening {
  readonly port: number;
  /** Stops listening and ends the connections that are open, after `graceMs` those in the middle of an answer; without it at once. */
  close(graceMs?: number): Promise<void>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handler: Handler;
  /** For the API document. `answer` is the schema of the JSON body, or the type of another one. */
  readonly told: {
    readonly summary: string;
    readonly request?: z.ZodType;
    readonly answer: z.ZodType | string;
  };
}

const maxBodyBytes = 64 * 1024;

/**
 * An application of these routes: any other path is 404, another method 405, a failure 500 unless it says otherwise, each
 * as `{"error"}`.
 */
export function routed(routes: readonly Route[], gate?: MiddlewareHandler): Hono {
  const app = new Hono();
  if (gate) app.use(gate);
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (context) =>
        context.json({ error: `the body is larger than ${maxBodyBytes / 1024} KiB` }, 400),
    }),
  );
  for (const { method, path, handler } of routes) app.on(method, path, handler);
  for (const path of new Set(routes.map((route) => route.path))) {
    const allow = routes.filter((route) => route.path === path).map((route) => route.method);
    app.all(path, (context) =>
      context.json({ error: `use ${allow.join(' or ')}` }, 405, { Allow: allow.join(', ') }),
    );
  }
  app.notFound((context) => context.json({ error: 'no such path' }, 404));
  app.onError((error, context) => context.json({ error: error.message }, statusOf(error)));
  return app;
}

function statusOf(error: Error) {
  if (error instanceof HttpError) return error.status;
  return error instanceof TargetError ? 400 : 500;
}

/** The limits for the clients of a server. */
export interface ConnectionLimits {
  /** One more is closed at once. */
  readonly connections: number;
  /** From the connection, or the first byte of a request, to the end of its headers. */
  readonly headersMs: number;
  /** To the end of its body. */
  readonly requestMs: number;
  /** Between two requests. */
  readonly idleMs: number;
  /** How often the server checks these times. */
  readonly checkMs: number;
}

const usualLimits: ConnectionLimits = {
  connections: 100,
  headersMs: 5_000,
  requestMs: 10_000,
  idleMs: 5_000,
  checkMs: 1_000,
};

/** Listens. Cuts off slow and endless requests, so that nobody can use up the sockets. */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  where: ListenOptions | { readonly fd: number },
  limits: ConnectionLimits = usualLimits,
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      maxHeaderSize: 8 * 1024,
      connectionsCheckingInterval: limits.checkMs,
    },
  }) as Server;
  server.maxConnections = limits.connections;
  server.listen(where);
  // `once` rejects on the event `error`, such as EADDRINUSE.
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    close: (graceMs = 0) => close(server, graceMs),
  };
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  if (graceMs > 0) await Promise.race([closed, sleep(graceMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

/** An answer other than 200: the status and the reason for the caller. */
export class HttpError extends Error {
  readonly status: 400 | 404 | 429 | 500 | 503;

  constructor(status: HttpError['status'], reason: string) {
    super(reason);
    this.name = 'HttpError';
    this.status = status;
  }
}

/** The request's JSON as the schema reads it. Throws `HttpError` 400 with what is wrong, by its path. */
export async function readBody<T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> {
  const json: unknown = await context.req.json().catch(() => {
    throw new HttpError(400, 'the body is not JSON');
  });
  const body = schema.safeParse(json);
  if (body.success) return body.data;
  throw new HttpError(400, body.error.issues.map(describeIssue).join('; '));
}

/** `the body's "target" is missing`. */
function describeIssue({ code, path, message, ...issue }: z.core.$ZodIssue): string {
  const name = path.length === 0 ? 'the body' : `the body's "${path.join('.')}"`;
  if (code !== 'invalid_type') return `${name}: ${message}`;
  const { expected } = issue as z.core.$ZodIssueInvalidType;
  return message.endsWith('received undefined')
    ? `${name} is missing`
    : `${name} must be of type ${expected}`;
}
