import type { Transport } from '../../../../src/adapters/control-plane/http/transport.js';
import { fixture } from './fixture.js';

interface Asked {
  readonly method: string;
  readonly path: string;
  /** What was posted. */
  readonly body: unknown;
}

/** `json` or `text` under `status` (200); undefined: there is nothing at that path. */
export type Served =
  | { readonly status?: number; readonly json?: unknown; readonly text?: string }
  | undefined;

export type Serve = (asked: Asked) => Served | Promise<Served>;

export interface FakeServer {
  readonly transport: Transport;
  /** `GET /agent/jp1/config`, in the order that they came. */
  readonly seen: string[];
  /** What was posted to a path that ends in `call`. */
  posted(call: string): unknown[];
  /** How it answers from now on. */
  serve: Serve;
}

/** A control plane that answers as the test says, and may change its mind. */
export function fakeServer(serve: Serve): FakeServer {
  const asked: Asked[] = [];
  const server: FakeServer = {
    serve,
    seen: [],
    posted: (call) =>
      asked
        .filter(({ method, path }) => method === 'POST' && path.endsWith(`/${call}`))
        .map(({ body }) => body),
    transport: {
      host: 'cp.example',
      async send({ method, path, body }, signal) {
        signal?.throwIfAborted();
        const one = { method, path, body: body === undefined ? undefined : JSON.parse(body) };
        asked.push(one);
        server.seen.push(`${method} ${path}`);
        const { status = 200, json, text = JSON.stringify(json) } = (await server.serve(one)) ?? nothing;
        signal?.throwIfAborted();
        return { status, retryAfterMs: undefined, location: undefined, text };
      },
      endPause: () => undefined,
      close: async () => undefined,
    },
  };
  return server;
}

const nothing: NonNullable<Served> = { status: 404, text: '404 Not Found' };

/** The documented dialect with its example answers, below `prefix`. */
export function documentedAt(prefix = ''): Serve {
  return served(
    `${prefix}/agent/jp1/`,
    (call) => fixture(`documented/${call}.json`),
    () => ({}),
  );
}

/** The moenet-core dialect with its example answers, below `prefix`. */
export function moenetCoreAt(prefix = '/api/v1'): Serve {
  const success = { code: 0, message: 'Success', data: { received: true } };
  const updated = { ...success, data: { updated: true } };
  const router = served(
    `${prefix}/agent/jp1/`,
    (call) => fixture(`moenet-core/${call}.json`),
    (call) => (call === 'modify' ? updated : success),
  );
  return (asked) => (asked.path === `${prefix}/agent/heartbeat` ? { json: success } : router(asked));
}

/** The first of several that has something at the path. */
export function either(...servers: Serve[]): Serve {
  return async (asked) => {
    for (const serve of servers) {
      const served = await serve(asked);
      if (served !== undefined) return served;
    }
    return undefined;
  };
}

function served(root: string, answer: (call: string) => unknown, taken: (call: string) => unknown): Serve {
  return ({ method, path }) => {
    if (!path.startsWith(root)) return undefined;
    return { json: (method === 'POST' ? taken : answer)(path.slice(root.length)) };
  };
}
