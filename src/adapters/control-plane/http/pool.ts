import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { HttpProxy } from '../../../core/model/values/proxy.js';
import type { HttpLimits } from './limits.js';

/**
 * Few connections to the origin of `url`, straight or through the proxy: an https URL by a tunnel (CONNECT), in which the
 * proxy sees neither the token nor an answer; an http URL as a request to the proxy, for many let nothing but port 443 through.
 */
export function openPool(
  { origin, protocol }: URL,
  limits: HttpLimits,
  proxy: HttpProxy | undefined,
): Dispatcher {
  const connect = { timeout: limits.connectTimeoutMs };
  const options = {
    connections: 4,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
    maxResponseSize: limits.maxBodyBytes,
  };
  if (proxy === undefined) return new Pool(origin, { ...options, connect });
  // undici's own pools to the proxy have no limits.
  const limited = (to: URL | string, more: object) => new Pool(to, { ...options, ...more });
  return new ProxyAgent({
    ...options,
    uri: proxy.url,
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization.reveal() }),
    proxyTunnel: protocol === 'https:',
    requestTls: connect,
    proxyTls: connect,
    factory: limited,
    clientFactory: limited,
  });
}
