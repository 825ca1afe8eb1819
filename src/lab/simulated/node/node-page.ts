import { started } from '../../../http/listen-local.js';
import { type LookUps, openLookUps } from '../../../http/look-ups.js';
import { type LiveStatus, openLiveStatus } from '../../../http/page-live.js';
import { openPage } from '../../../http/page-routes.js';
import { HttpError, routed } from '../../../http/server.js';
import type { Service } from '../../../shell/daemon.js';
import type { Tools } from '../../../shell/ports/tools.js';
import { pageFiles } from '../../../wire/page-files.js';

/** The page of one node, as its readers have it on a unix socket. */
export interface NodePage {
  /** Shows what this agent answers, until the function that it returns is called. */
  serve(service: Service): () => void;
  /** `path` with its query is the node's own. Throws `HttpError` 503 while no agent is served. */
  ask(path: string, request: Pick<Request, 'headers' | 'signal'>): Promise<Response>;
  /** There may be something new to show. */
  changed(): void;
}

export function openNodePage(name: string): NodePage {
  let served: { readonly app: ReturnType<typeof routed>; readonly live: LiveStatus } | undefined;
  return {
    serve: (service) => {
      const live = openLiveStatus({
        status: service.status,
        nowSeconds: () => Math.floor(Date.now() / 1000),
      });
      const { routes, gate } = openPage({
        files: pageFiles,
        live,
        handlers: service,
        lookUps: lookUpsOf(service),
      });
      served = { app: routed(routes, gate), live };
      return () => {
        served = undefined;
        live.close();
      };
    },
    ask: async (path, { headers, signal }) => {
      if (!served)
        throw new HttpError(
          503,
          `the agent of ${name} does not answer: it starts or has ended; try again in a moment`,
        );
      // The page of a node knows its own host alone; who asks has passed the gate of the lab's page.
      const own = new Headers(headers);
      own.set('host', 'localhost');
      return served.app.fetch(new Request(`http://localhost${path}`, { headers: own, signal }));
    },
    changed: () => served?.live.changed(),
  };
}

const nothingSent = async () => 'this node is simulated: it has no network, and sends nothing';

/** What a tool would find out on the network. */
function lookUpsOf(service: Service): LookUps {
  const tools: Tools = {
    ping: nothingSent,
    tcping: nothingSent,
    trace: nothingSent,
    dig: nothingSent,
    locate: async () => ({ words: 'this node is simulated: its BIRD has no table of routes' }),
  };
  return openLookUps(tools, () => started(service.operations()));
}
