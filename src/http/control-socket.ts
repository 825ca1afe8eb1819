import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Context } from 'hono';
import { z } from 'zod';
import { type FileLock, lockFile } from '../platform/file-lock.js';
import type { Adoption } from '../shell/operations/adopt.js';
import type { MaintenanceResult, MaintenanceStatus } from '../shell/operations/maintenance.js';
import type { SwitchRequest, SwitchResult } from '../shell/operations/switch-session.js';
import type { NodeStatus, ResyncResult } from '../shell/status/status.js';
import { askDaemon, DaemonUnreachableError } from './client.js';
import { type Listening, listen, readBody, routed } from './server.js';

export interface ControlSources {
  status(): NodeStatus | Promise<NodeStatus>;
  /** `force`: also a list that leaves out many running sessions is believed. */
  resync(options: { readonly force: boolean }): Promise<ResyncResult>;
  maintenance(): Promise<MaintenanceStatus>;
  setMaintenance(on: boolean): Promise<MaintenanceResult>;
  switchSession(request: SwitchRequest): Promise<SwitchResult>;
  adoption(): Promise<Adoption>;
  adopt(): Promise<ResyncResult>;
}

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
 * Serves `GET /status`, `POST /resync`, `GET /maintenance`, `POST /maintenance` (`{"on": true}`), `POST /session`
 * (disables or enables one), `GET /adopt` (what would be taken over) and `POST /adopt` on a unix socket of mode 0660 in a directory of mode 0750: whoever can reach it may use
 * it. A socket that a dead daemon left is replaced; throws `DaemonRunningError` where one lives. `PATH.lock` keeps two that
 * start at once from replacing each other's.
 */
export async function listenControlSocket(path: string, sources: ControlSources): Promise<Listening> {
  const app = routed([
    { method: 'GET', path: '/status', handler: async (context) => context.json(await sources.status()) },
    { method: 'POST', path: '/resync', handler: (context) => resync(context, sources) },
    {
      method: 'GET',
      path: '/maintenance',
      handler: async (context) => context.json(await sources.maintenance()),
    },
    { method: 'POST', path: '/maintenance', handler: (context) => setMaintenance(context, sources) },
    {
      method: 'POST',
      path: '/session',
      handler: async (context) =>
        context.json(await sources.switchSession(await readBody(context, switchBody))),
    },
    { method: 'GET', path: '/adopt', handler: async (context) => context.json(await sources.adoption()) },
    { method: 'POST', path: '/adopt', handler: async (context) => context.json(await sources.adopt()) },
  ]);
  const lock = await claimNode(path);
  try {
    await rm(path, { force: true });
    const listening = await listen(app, { path });
    await chmod(path, 0o660);
    return locked(listening, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * Keeps every other agent from working on this node until the claim is released. Throws `DaemonRunningError` where one
 * works on it, the daemon whose control socket is at `path` or a single run.
 */
export async function claimNode(path: string): Promise<FileLock> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
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

const resyncBody = z.object({ force: z.boolean().default(false) });

async function resync(context: Context, sources: ControlSources): Promise<Response> {
  const body = resyncBody.safeParse(await context.req.json().catch(() => ({})));
  if (!body.success)
    return context.json({ error: 'the body must be {"force": true} or {"force": false}' }, 400);
  return context.json(await sources.resync(body.data));
}

const switchBody = z.object({
  session: z.string().min(1).max(100),
  to: z.enum(['disabled', 'enabled']),
  now: z.boolean().default(false),
});

const maintenanceBody = z.object({ on: z.boolean() });

async function setMaintenance(context: Context, sources: ControlSources): Promise<Response> {
  const body = maintenanceBody.safeParse(await context.req.json().catch(() => undefined));
  if (!body.success) return context.json({ error: 'the body must be {"on": true} or {"on": false}' }, 400);
  return context.json(await sources.setMaintenance(body.data.on));
}

/** Throws where a daemon has the socket, or something else is in its place. */
async function refuseLiving(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw new Error(`${path} is in the way: it is not a socket; move it elsewhere`);
  try {
    const status = await askDaemon(path, { path: '/status', method: 'GET' }, { timeoutMs: 2_000 });
    throw new DaemonRunningError(path, (status as Partial<NodeStatus>).agent?.pid);
  } catch (error) {
    if (error instanceof DaemonRunningError) throw error;
    // Whoever accepts connections lives, even if it does not answer as it should.
    if (!(error instanceof DaemonUnreachableError)) throw new DaemonRunningError(path, undefined);
  }
}
