import type { Hono } from 'hono';
import type { Secret } from '../core/model/values/secret.js';
import type { Operations } from '../shell/operations/operations.js';
import type { Tools } from '../shell/ports/tools.js';
import { health } from './answers.js';
import { bearer, type IsAuthorized, requireBearer } from './bearer.js';
import { type MetricsAccess, metricsReader } from './metrics-access.js';
import { type NodeSources, nodeRoutes } from './node-routes.js';
import { isPagePath } from './page-gate.js';
import { guardedPage, type Page } from './page-routes.js';
import { probeRoutes } from './probe-routes.js';
import { HttpError, type Listening, listen, type Route, routed } from './server.js';
import { sessionRoutes } from './session-routes.js';
import { toolRoutes } from './tool-routes.js';

/** What the local HTTP API shows and does; read anew for each request. */
export interface LocalSources extends NodeSources {
  /** The body of `GET /health`. Without the token a caller gets only its `status`. */
  health(): { readonly status: string };
  /** The text of `GET /metrics`, in Prometheus' text format 0.0.4. */
  metrics(): Promise<string>;
  /** Undefined while the agent starts. */
  operations(): Operations | undefined;
  readonly tools: Tools;
  readonly page: Page;
}

/** Who may use it, and under which names of its host. */
interface LocalAccess {
  readonly metrics?: MetricsAccess;
  readonly hosts?: readonly (string | undefined)[];
}

/** Serves the app of `localApp`. Without a host it listens on every address of both families. Throws where it cannot listen, with what to do. */
export async function listenLocal(
  where: { readonly host: string | undefined; readonly port: number },
  app: Hono,
): Promise<Listening> {
  const { host, port } = where;
  try {
    return await listen(app, { port, ...(host === undefined ? {} : { host }) });
  } catch (error) {
    const shown = host?.includes(':') ? `[${host}]` : (host ?? '');
    throw new Error(`cannot listen on ${shown}:${port}: ${remedy(error)}`, { cause: error });
  }
}

/**
 * The node's own HTTP API, and its page at `/`. Every call of the API needs the token as `Authorization: Bearer`, except `GET /health`, which
 * is 200 also for `degraded`: the agent is there to say so; and `/metrics` for whom `metrics` says. `hosts`: the addresses at which it is
 * reached; without them any address, but still no name of a stranger.
 */
export function localApp(
  token: Secret,
  sources: LocalSources,
  { metrics = {}, hosts = [undefined] }: LocalAccess = {},
): Hono {
  const isAuthorized = bearer(token);
  const readsMetrics = metricsReader(metrics);
  const isAllowed: IsAuthorized = (context) =>
    isAuthorized(context) || (context.req.path === '/metrics' && readsMetrics(context));
  const apiGate = requireBearer(isAllowed, ['/health']);
  const page = guardedPage(sources.page, token, hosts);
  return routed([...localRoutes(sources, isAuthorized), ...page.routes], (context, next) =>
    (isPagePath(context.req.path) ? page.gate : apiGate)(context, next),
  );
}

/** All that the API answers to. */
export function localRoutes(
  sources: LocalSources,
  isAuthorized: ReturnType<typeof bearer>,
): readonly Route[] {
  const operations = () => started(sources.operations());
  const monitoring: readonly Route[] = [
    {
      method: 'GET',
      path: '/health',
      told: { summary: 'Whether the node is well; without the token only `status`', answer: health },
      handler: (context) => {
        const all = sources.health();
        return context.json(isAuthorized(context) ? all : { status: all.status });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      told: { summary: "Metrics in Prometheus' text format", answer: 'text/plain' },
      handler: async (context) =>
        context.body(await sources.metrics(), 200, {
          'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
        }),
    },
  ];
  return [
    ...monitoring,
    ...toolRoutes(sources.tools, operations),
    ...sessionRoutes(operations, () => sources.status().agent.node),
    ...nodeRoutes(sources, operations),
    ...probeRoutes(operations),
  ];
}

/** What an agent can do that has started. Throws `HttpError` 503 for one that has not. */
export function started(operations: Operations | undefined): Operations {
  if (!operations) throw new HttpError(503, 'the agent is starting; try again in a moment');
  return operations;
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
