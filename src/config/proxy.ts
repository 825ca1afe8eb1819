import { parseIp, parsePrefix } from '../core/model/values/ip.js';
import { hostNetwork, isInside } from '../core/model/values/network.js';
import type { HttpProxy } from '../core/model/values/proxy.js';
import { Secret } from '../core/model/values/secret.js';
import type { Env } from './find.js';
import { isLoopbackHost } from './warnings.js';

interface FoundProxy {
  readonly proxy: HttpProxy | undefined;
  /** Why the agent does not use the environment's proxy, without its value, which may hold a password. */
  readonly warnings: readonly string[];
}

/**
 * The proxy that the environment names for `apiUrl`, by the rules of curl and undici's EnvHttpProxyAgent: `https_proxy` or
 * `HTTPS_PROXY` for an https URL, `http_proxy` or `HTTP_PROXY` for all others and where there is none for https. None for
 * what `no_proxy` or `NO_PROXY` lists, and none for a control plane on this machine itself.
 */
export function findProxy(apiUrl: string, env: Env): FoundProxy {
  const url = new URL(apiUrl);
  const ofHttps = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : [];
  const variable = [...ofHttps, 'http_proxy', 'HTTP_PROXY'].find((name) => env[name]);
  const exempt = env['no_proxy'] || env['NO_PROXY'] || '';
  if (variable === undefined || isLoopbackHost(url.hostname) || isExempt(url, exempt))
    return { proxy: undefined, warnings: [] };
  const proxy = parseProxy(variable, env[variable] ?? '');
  if (proxy) return { proxy, warnings: [] };
  const warning = `${variable} does not name an http:// or https:// proxy: the agent asks the control plane without one`;
  return { proxy: undefined, warnings: [warning] };
}

/** `proxy:3128`, `http://proxy:3128`, `https://user:password@proxy:3129`. */
function parseProxy(variable: string, value: string): HttpProxy | undefined {
  const text = value.includes('://') ? value.trim() : `http://${value.trim()}`;
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, hostname, username, password } = new URL(text);
  if (!/^https?:$/.test(protocol) || hostname === '') return undefined;
  const login = decoded(`${username}:${password}`);
  if (login === undefined) return undefined;
  return {
    url: `${protocol}//${host}`,
    hostname: withoutBrackets(hostname),
    host,
    authorization: login === ':' ? undefined : new Secret(`Basic ${Buffer.from(login).toString('base64')}`),
    variable,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Entries are hosts (with their subdomains), addresses or prefixes, with or without a port, or `*`. */
function isExempt({ protocol, hostname, port }: URL, list: string): boolean {
  const host = withoutBrackets(hostname).toLowerCase();
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, named = '', onPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [undefined, entry];
      return (onPort === undefined || onPort === ownPort) && covers(withoutBrackets(named), host);
    });
}

function covers(named: string, host: string): boolean {
  const address = parseIp(host);
  if (address) {
    const other = named.includes('/') ? undefined : parseIp(named);
    const network = other ? hostNetwork(other) : parsePrefix(named);
    return network !== undefined && isInside(hostNetwork(address), network);
  }
  const name = named.replace(/^\*?\./, '');
  return host === name || host.endsWith(`.${name}`);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
