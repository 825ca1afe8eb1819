import type { AgentConfig } from '../config/agent-config.js';
import { wordsOf } from '../core/model/words-of.js';
import type { ActivatedSocket } from '../http/activated-socket.js';
import { type LocalSources, listenLocal, localApp } from '../http/listen-local.js';
import type { Listening } from '../http/server.js';

/** What serves the node's HTTP API, and why some of it cannot. */
export interface ServedHttp {
  /** A sentence for each address that the agent cannot listen on. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves the HTTP API on the sockets of systemd, else on the addresses of the configuration. The agent goes on without those on which it
 * cannot listen.
 */
export async function serveHttp(
  config: AgentConfig,
  sources: LocalSources,
  activated: readonly ActivatedSocket[],
): Promise<ServedHttp> {
  const { listen, metricsToken, metrics } = config.server;
  const app = localApp(config.bootstrap.token, sources, {
    metrics: { token: metricsToken, isOpenOnLoopback: metrics === 'open-on-loopback' },
    // Of the sockets of systemd the agent knows no address.
    hosts: activated.length > 0 ? [undefined] : listen.map(({ host }) => host),
  });
  const opening =
    activated.length > 0
      ? activated.map((socket) => socket.serve(app))
      : listen.map((where) => listenLocal(where, app));
  const opened = await Promise.allSettled(opening);
  const problems = opened.flatMap((each) =>
    each.status === 'rejected' ? [`local HTTP: ${wordsOf(each.reason)}`] : [],
  );
  const servers: readonly Listening[] = opened.flatMap((each) =>
    each.status === 'fulfilled' ? [each.value] : [],
  );
  return { problems, close: async () => void (await Promise.all(servers.map((server) => server.close()))) };
}
