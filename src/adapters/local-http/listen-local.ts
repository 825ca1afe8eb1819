import type { Listening } from './server.js';
import { listen, routed } from './server.js';

/** What the local HTTP API shows, made anew for each request. */
export interface LocalSources {
  /** The body of `GET /health`. */
  health(): object;
  /** The text of `GET /metrics`, in Prometheus' text format 0.0.4. */
  metrics(): Promise<string>;
}

/**
 * Serves `GET /health` (200 also where it says `degraded`: the agent is there to say so) and `GET /metrics`.
 * Without a host it listens on every address. Throws where the address cannot be had, saying what to do.
 */
export async function listenLocal(
  where: { readonly host: string | undefined; readonly port: number },
  sources: LocalSources,
): Promise<Listening> {
  const app = routed([
    { method: 'GET', path: '/health', handler: (context) => context.json(sources.health()) },
    {
      method: 'GET',
      path: '/metrics',
      handler: async (context) =>
        context.body(await sources.metrics(), 200, {
          'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
        }),
    },
  ]);
  try {
    return await listen(app, { port: where.port, ...(where.host === undefined ? {} : { host: where.host }) });
  } catch (error) {
    throw new Error(`cannot listen on ${where.host ?? ''}:${where.port}: ${remedy(error)}`, { cause: error });
  }
}

function remedy(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return 'another program uses that port; stop it or set server.listen to another one (see: ss -ltnp)';
  }
  if (code === 'EADDRNOTAVAIL')
    return 'this machine does not have that address; set server.listen to one it has';
  if (code === 'EACCES')
    return 'ports below 1024 need CAP_NET_BIND_SERVICE; set server.listen to a higher one';
  return message;
}
