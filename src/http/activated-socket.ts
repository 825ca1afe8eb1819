import type { Hono } from 'hono';
import { type ConnectionLimits, type Listening, listen } from './server.js';

/** A listening socket that systemd opened. It stays open as long as the process: its descriptor could not be opened again. */
export interface ActivatedSocket {
  /** Answers by `app` until it is closed. Between two, as while the agent reads its configuration again, the answer is 503. */
  serve(app: Hono): Promise<Listening>;
  /** Closes it: the process is about to end. */
  end(): Promise<void>;
}

/** Takes the descriptor; listens with the first `serve`, which throws where it is no listening socket. */
export function activatedSocket(fd: number, limits?: ConnectionLimits): ActivatedSocket {
  let current: Hono | undefined;
  let opened: Promise<Listening> | undefined;
  const fetch: Hono['fetch'] = (request, ...rest) =>
    current?.fetch(request, ...rest) ??
    Response.json({ error: 'the agent is starting; try again in a moment' }, { status: 503 });
  return {
    serve: async (app) => {
      opened ??= listen({ fetch }, { fd }, limits);
      const { port } = await opened;
      current = app;
      return {
        port,
        close: async () => {
          current = undefined;
        },
      };
    },
    end: async () => (await opened?.catch(() => undefined))?.close(),
  };
}
