import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { socketOwners } from '../../../platform/socket-owners.js';

/** The BIRD that has a control socket, as it was started. */
export interface BirdDaemon {
  readonly pid: number;
  /** The program by an absolute path, and its arguments. */
  readonly command: readonly string[];
  /** The systemd service that its control group belongs to; undefined where there is none. */
  readonly unit: string | undefined;
}

/**
 * The process that listens on the control socket. Throws where there is none that this process can see, or where its command line
 * would mean something else in another directory.
 * @param net the `/proc/<pid>/net` of its network namespace
 */
export async function findDaemon(controlSocket: string, net = '/proc/self/net'): Promise<BirdDaemon> {
  const pid = await pidOf(controlSocket, net);
  const proc = `/proc/${pid}`;
  const [name = '', ...args] = await readCommand(proc);
  const command = [isAbsolute(name) ? name : await programOf(proc, pid), ...args];
  const relative = args.find((arg, index) => takesPath(args[index - 1]) && !isAbsolute(arg));
  if (relative !== undefined)
    throw new Error(
      `BIRD (process ${pid}) was started with the relative path ${JSON.stringify(relative)}, which another process cannot repeat`,
    );
  return { pid, command, unit: unitIn(await readFile(`${proc}/cgroup`, 'utf8').catch(() => '')) };
}

/**
 * Who has the socket is for a process with CAP_SYS_PTRACE to see, which the agent's service does not have. There the BIRD is taken
 * whose command line names the socket, or the only one that names none.
 */
async function pidOf(controlSocket: string, net: string): Promise<number> {
  const owner = [...(await socketOwners(await listeners(controlSocket, net))).values()][0];
  if (owner) return owner.pid;
  const birds = await birdProcesses();
  const naming = birds.filter(({ socket }) => socket === controlSocket);
  const candidates = naming.length > 0 ? naming : birds.filter(({ socket }) => socket === undefined);
  const [found, ...others] = candidates;
  if (found && others.length === 0) return found.pid;
  const pids = candidates.map(({ pid }) => pid).join(', ');
  throw new Error(
    found
      ? `which of the processes ${pids} has ${controlSocket} cannot be seen`
      : `no BIRD process is found that has ${controlSocket}`,
  );
}

async function birdProcesses(): Promise<{ readonly pid: number; readonly socket: string | undefined }[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      if (name.trim() !== 'bird') return [];
      const command = await readCommand(`/proc/${pid}`).catch((): string[] => []);
      const option = command.indexOf('-s');
      return [{ pid: Number(pid), socket: option < 0 ? undefined : command[option + 1] }];
    }),
  );
  return found.flat();
}

async function readCommand(proc: string): Promise<string[]> {
  return (await readFile(`${proc}/cmdline`, 'utf8')).split('\0').slice(0, -1);
}

/** After an upgrade the running program's file is gone, and another one has its name. */
async function programOf(proc: string, pid: number): Promise<string> {
  const path = await readlink(`${proc}/exe`).catch(() => undefined);
  if (path === undefined) throw new Error(`which program BIRD (process ${pid}) is cannot be seen`);
  return path.replace(/ \(deleted\)$/, '');
}

/** The inodes of the sockets that listen there. `/proc/net/unix`: flag 00010000 is a socket that accepts connections (proc(5)). */
async function listeners(controlSocket: string, net: string): Promise<ReadonlySet<string>> {
  const wanted = await realpath(controlSocket).catch(() => controlSocket);
  const rows = (await readFile(join(net, 'unix'), 'utf8'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const found = new Set<string>();
  for (const [, , , flags, , , inode, ...path] of rows) {
    if (flags !== '00010000' || inode === undefined) continue;
    const name = path.join(' ');
    if (name === controlSocket || (isAbsolute(name) && (await realpath(name).catch(() => name)) === wanted))
      found.add(inode);
  }
  return found;
}

/** BIRD's options for its configuration, control socket, pid file and debug log (bird(8)). */
function takesPath(option: string | undefined): boolean {
  return option === '-c' || option === '-s' || option === '-P' || option === '-D';
}

/** `0::/system.slice/bird.service` → `bird.service`. */
function unitIn(cgroup: string): string | undefined {
  const names = [...cgroup.matchAll(/\/([A-Za-z0-9:_.@\\-]+\.service)(?=\/|$)/gm)];
  return names.at(-1)?.[1];
}
