import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FileLock, lockFile } from '../platform/file-lock.js';
import {
  controlSocketModes,
  type Handlers,
  type OperationName,
  operationNames,
  operationOf,
} from '../shell/daemon-api.js';
import { askDaemon, DaemonUnreachableError } from './client.js';
import { HttpError, type Listening, listen, type Route, routed } from './server.js';

/** Another agent works on the node. */
class DaemonRunningError extends Error {
  readonly pid: number | undefined;

  constructor(path: string, pid: number | undefined) {
    super(
      `another moenet-agent is running${pid === undefined ? ` or starting (it has ${path})` : ` as process ${pid} (it answers on ${path})`}`,
    );
    this.name = 'DaemonRunningError';
    this.pid = pid;
  }
}

/**
 * Serves every operation of `daemonApi` on a unix socket: whoever can open it may use it. Replaces a socket that a dead
 * daemon left; throws `DaemonRunningError` where a daemon runs. `PATH.lock` keeps two daemons that start at once from
 * replacing each other's socket.
 */
export async function listenControlSocket(path: string, handlers: Handlers): Promise<Listening> {
  const app = routed(operationNames.map((name) => route(name, handlers)));
  const lock = await claimNode(path);
  try {
    await rm(path, { force: true });
    const listening = await listen(app, { path });
    await chmod(path, controlSocketModes.socket);
    return locked(listening, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * Keeps every other agent from working on this node until the claim is released. Throws `DaemonRunningError` where one
 * works on it: the daemon with the control socket `path`, or a single run.
 */
export async function claimNode(path: string): Promise<FileLock> {
  await mkdir(dirname(path), { recursive: true, mode: controlSocketModes.directory });
  const lock = await lockFile(`${path}.lock`);
  try {
    await refuseLiving(path);
    if (!lock) throw new DaemonRunningError(path, undefined);
    return lock;
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

function locked(listening: Listening, lock: FileLock): Listening {
  const close = async () => {
    await listening.close();
    await lock.release();
  };
  return { ...listening, close };
}

function route<N extends OperationName>(name: N, handlers: Handlers): Route {
  const { method, path, request, requestText } = operationOf(name);
  const handle: Handlers[N] = handlers[name];
  return {
    method,
    path,
    handler: async (context) => {
      const sent = method === 'GET' ? context.req.query() : await context.req.json().catch(() => ({}));
      const wanted = request.safeParse(sent);
      if (!wanted.success)
        throw new HttpError(400, `the ${method === 'GET' ? 'query' : 'body'} must be ${requestText ?? '{}'}`);
      return context.json(await handle(wanted.data));
    },
  };
}

/** Throws where a daemon has the socket, or another file is in its place. */
async function refuseLiving(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket())
    throw new Error(`${path} is not a socket, so the agent cannot listen there; move it elsewhere`);
  try {
    const status = await askDaemon(path, 'status', {}, { timeoutMs: 2_000 });
    throw new DaemonRunningError(path, status.agent.pid);
  } catch (error) {
    if (error instanceof DaemonRunningError) throw error;
    // A process that accepts connections is alive, even if it answers wrongly.
    if (!(error instanceof DaemonUnreachableError)) throw new DaemonRunningError(path, undefined);
  }
}
