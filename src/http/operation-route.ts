import { type Handlers, type OperationName, operationOf } from '../shell/daemon-api.js';
import { HttpError, type Route } from './server.js';

/** One operation of the daemon as a route. */
export function operationRoute<N extends OperationName>(name: N, handlers: Pick<Handlers, N>): Route {
  const { method, path, request, requestText, summary, answer } = operationOf(name);
  const handle = handlers[name] as Handlers[N];
  return {
    method,
    path,
    told: { summary, request, answer },
    handler: async (context) => {
      const sent = method === 'GET' ? context.req.query() : await context.req.json().catch(() => ({}));
      const wanted = request.safeParse(sent);
      if (!wanted.success)
        throw new HttpError(400, `the ${method === 'GET' ? 'query' : 'body'} must be ${requestText ?? '{}'}`);
      return context.json(await handle(wanted.data));
    },
  };
}
