import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Secret } from '../core/model/values/secret.js';
import { bearer, type IsAuthorized } from './bearer.js';

/** Who may read `/metrics` besides those who have the node's token. */
export interface MetricsAccess {
  /** A token that reads only `/metrics`. */
  readonly token?: Secret | undefined;
  /** Whoever asks from this machine, by a loopback address, needs no token. */
  readonly isOpenOnLoopback?: boolean;
}

/** True where a request may read the metrics, and need not do more. */
export function metricsReader({ token, isOpenOnLoopback = false }: MetricsAccess): IsAuthorized {
  const hasToken = token === undefined ? () => false : bearer(token);
  return (context) => hasToken(context) || (isOpenOnLoopback && isFromLoopback(context));
}

/**
 * True for a client on this machine that asked for a loopback address by such a name: a page in a browser here may ask by a name of its
 * own that leads to 127.0.0.1. What a proxy says that it forwards is not from here.
 */
function isFromLoopback(context: Context): boolean {
  const { remote } = getConnInfo(context);
  const isForwarded = ['Forwarded', 'X-Forwarded-For', 'Via'].some((name) => context.req.header(name));
  return !isForwarded && isLoopback(remote.address ?? '') && isLoopbackName(context.req.header('Host') ?? '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

function isLoopbackName(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}
