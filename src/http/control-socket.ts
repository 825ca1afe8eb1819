import { chmod, chown, lstat, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FileLock, lockFile } from '../platform/file-lock.js';
import { groupId } from '../platform/groups.js';
import { describeNoRights, isNoRights } from '../platform/no-rights.js';
import {
  type Handlers,
  type OperationName,
  operationNames,
  operationOf,
  runtimeDirMode,
  socketGroups,
} from '../shell/daemon-api.js';
import { askDaemon, DaemonUnreachableError, readSocketPath } from './client.js';
import { operationRoute } from './operation-route.js';
import { openPage, type Page } from './page-routes.js';
import { type Listening, listen, routed } from './server.js';

/** Another agent works on the node. */
export class DaemonRunningError extends Error {
  readonly pid: number | undefined;

  constructor(path: string, pid: number | undefined) {
    super(
      `another moenet-agent is running${pid === undefined ? ` or starting (it has ${path})` : ` as process ${pid} (it answers on ${path})`}`,
    );
    this.name = 'DaemonRunningError';
    this.pid = pid;
  }
}

/** The number of a group, as `groupId` finds it. */
type FindGroup = (name: string) => Promise<number | undefined>;

/**
 * Serves every operation of `daemonApi` on a unix socket, and those that change nothing on a second one beside it: whoever can
 * open a socket may use it. Replaces sockets that a dead daemon left; throws `DaemonRunningError` where a daemon runs. `PATH.lock`
 * keeps two daemons that start at once from replacing each other's socket. The second one also has the page: `ssh -L 24368:/run/moenet-agent/read.sock` brings it to a browser.
 */
export async function listenControlSocket(
  path: string,
  handlers: Handlers,
  findGroup: FindGroup = groupId,
  page?: Page,
): Promise<Listening> {
  const lock = await claimNode(path);
  const open: Listening[] = [];
  try {
    const looks = operationNames.filter((name) => operationOf(name).method === 'GET');
    const read = { path: readSocketPath(path), names: looks, group: await findGroup(socketGroups.read) };
    const change = { path, names: operationNames, group: await findGroup(socketGroups.change) };
    if (read.group !== undefined || change.group !== undefined) await letThrough(dirname(path));
    // The control socket comes last: where it answers, all is there.
    for (const each of [{ ...read, ...(page && { page: openPage(page) }) }, change])
      open.push(await listenFor(each, handlers));
    return joined(open, lock);
  } catch (error) {
    await Promise.all(open.map((each) => each.close()));
    await lock.release();
    throw error;
  }
}

interface Socket {
  readonly path: string;
  readonly names: readonly OperationName[];
  /** Whose members may open it; undefined: nobody but root and the daemon's own user. */
  readonly group: number | undefined;
  /** Served beside the operations. */
  readonly page?: ReturnType<typeof openPage>;
}

async function listenFor({ path, names, group, page }: Socket, handlers: Handlers): Promise<Listening> {
  await rm(path, { force: true });
  const routes = names.map((name) => operationRoute(name, handlers));
  const app = routed([...routes, ...(page?.routes ?? [])], page?.gate);
  // The socket appears within the call: nobody else may open it before it has its group.
  const umask = process.umask(0o177);
  const listening = listen(app, { path });
  process.umask(umask);
  const opened = await listening;
  if (group !== undefined) await giveTo(path, group);
  return opened;
}

/** A daemon that is not root can give it only to groups of its own; else the socket stays its own. */
async function giveTo(path: string, group: number): Promise<void> {
  const isGiven = await chown(path, -1, group).then(
    () => true,
    () => false,
  );
  if (isGiven) await chmod(path, 0o660);
}

/** Members of both groups must get through the directory; systemd or an older agent may have made it without. */
async function letThrough(directory: string): Promise<void> {
  const { uid, mode } = await lstat(directory);
  if (uid === process.geteuid?.() && (mode & 0o001) === 0) await chmod(directory, (mode & 0o777) | 0o001);
}

/**
 * Keeps every other agent from working on this node until the claim is released. Throws `DaemonRunningError` where one
 * works on it: the daemon with the control socket `path`, or a single run.
 */
export async function claimNode(path: string): Promise<FileLock> {
  const lock = await lockIn(path).catch((error) => {
    if (!isNoRights(error)) throw error;
    const what = `write into ${dirname(path)}, where a lock keeps two agents from changing one node`;
    throw new Error(describeNoRights(what), { cause: error });
  });
  try {
    await refuseLiving(path);
    if (!lock) throw new DaemonRunningError(path, undefined);
    return lock;
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

async function lockIn(path: string): Promise<FileLock | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: runtimeDirMode });
  return lockFile(`${path}.lock`);
}

function joined(open: readonly Listening[], lock: FileLock): Listening {
  const close = async () => {
    await Promise.all(open.map((each) => each.close()));
    await lock.release();
  };
  return { port: 0, close };
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
