import type { AgentConfig } from './agent-config.js';
import type { FoundFile } from './find.js';

/** Settings that are allowed but probably a mistake. `holdsToken`: the file itself has `bootstrap.token`. */
export function findWarnings(
  config: AgentConfig,
  file: FoundFile | undefined,
  holdsToken: boolean,
): readonly string[] {
  const plainHttp = plainHttpWarning(config.bootstrap.apiUrl);
  return [
    ...(plainHttp === undefined ? [] : [plainHttp]),
    ...(file?.worldReadable && holdsToken
      ? [`${file.path} can be read by every user and holds the token: chmod 600 ${file.path}`]
      : []),
    ...(file?.worldReadable && !holdsToken && config.sessions.some(({ options }) => options.password)
      ? [`${file.path} can be read by every user and holds a BGP password: chmod 600 ${file.path}`]
      : []),
    ...(config.limits.requestsPerMinute > 300
      ? ['limits.requestsPerMinute is above 300, the most that the control plane allows']
      : []),
  ];
}

/** True for a host name of this machine itself, as `URL` writes it. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** What others can do where the connection is not encrypted; undefined for https, and on this machine itself. */
export function plainHttpWarning(apiUrl: string): string | undefined {
  const { protocol, hostname, host } = new URL(apiUrl);
  if (protocol !== 'http:' || isLoopbackHost(hostname)) return undefined;
  return `bootstrap.apiUrl is plain HTTP: everybody on the path to ${host} can read the token, act as this node with it, and tell the agent which tunnels and routes to make. Use an https:// URL, and then replace the token`;
}
