import type { AgentConfig } from './agent-config.js';
import type { FoundFile } from './find.js';

/** What is allowed but probably not meant. `holdsToken`: the file itself has `bootstrap.token`. */
export function findWarnings(
  config: AgentConfig,
  file: FoundFile | undefined,
  holdsToken: boolean,
): readonly string[] {
  const { apiUrl } = config.bootstrap;
  return [
    ...(travelsInTheClear(apiUrl)
      ? [`bootstrap.apiUrl is http: the token travels to ${new URL(apiUrl).host} in the clear; use https`]
      : []),
    ...(file?.worldReadable && holdsToken
      ? [`${file.path} can be read by every user and holds the token: chmod 600 ${file.path}`]
      : []),
    ...(config.limits.requestsPerMinute > 300
      ? ['limits.requestsPerMinute is above 300, which is all that the control plane allows']
      : []),
  ];
}

function travelsInTheClear(apiUrl: string): boolean {
  const { protocol, hostname } = new URL(apiUrl);
  const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !loopback;
}
