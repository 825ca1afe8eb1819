import type { Context, MiddlewareHandler } from 'hono';
import type { ControlPlaneState } from './control-plane-state.js';
import type { Dialect } from './dialect.js';
import { type Env, refuse } from './refuse.js';
import type { Wire } from './wire.js';

/** Puts every request on record, with how it was answered. */
export function recordRequests(state: ControlPlaneState, dialect: Dialect): MiddlewareHandler<Env> {
  return async (context, next) => {
    const atMs = Date.now();
    await next();
    const { method, path } = context.req;
    const { status: httpStatus } = context.res;
    state.requests.push({
      atMs,
      method,
      path,
      node: nodeOf(context),
      dialect,
      httpStatus,
      reason: context.get('reason'),
    });
  };
}

/** Who has asked; where that was not let in, whose path it was. */
function nodeOf(context: Context<Env>): string | undefined {
  return context.get('node')?.name ?? /\/agent\/([^/]+)\//.exec(context.req.path)?.[1];
}

/** Refuses what a node asks beyond its limit of requests a minute, and says in every answer how many it has left. */
export function keepToLimit(state: ControlPlaneState, wire: Wire): MiddlewareHandler<Env> {
  return async (context, next) => {
    const node = context.get('node')?.name;
    const { requestsPerMinute: limitPerMinute } = state;
    const used = state.requests.filter(
      (request) => request.node === node && request.atMs > Date.now() - 60_000,
    );
    const left = Math.max(0, limitPerMinute - used.length - 1);
    for (const [name, value] of Object.entries(wire.headers(limitPerMinute, left)))
      context.header(name, value);
    if (used.length < limitPerMinute) return next();
    context.header('retry-after', '10');
    return refuse(wire, context, 429, `more than ${limitPerMinute} requests a minute`);
  };
}
