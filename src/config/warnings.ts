import type { AgentConfig } from './agent-config.js';
import type { FoundFile } from './find.js';
import { plainHttpWarning } from './plain-http.js';

/** What is allowed but probably not meant. `holdsToken`: the file itself has `bootstrap.token`. */
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
    ...(config.limits.requestsPerMinute > 300
      ? ['limits.requestsPerMinute is above 300, which is all that the control plane allows']
      : []),
  ];
}
