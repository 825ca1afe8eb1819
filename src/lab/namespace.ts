import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../platform/child-environment.js';
import { type Run, run } from '../platform/exec.js';

/** A host of its own: a network and a mount namespace, held open by one sleeping process. */
export interface Namespace {
  readonly name: string;
  /** The process that holds the namespaces open; `/proc/<pid>/root` is the host's view of the files. */
  readonly pid: number;
  /** Runs a program to its end inside. */
  readonly run: Run;
  /** Starts a program inside and leaves it running; the caller ends it. Its environment is `childEnvironment`, or `options.env`. */
  spawn(program: string, args: readonly string[], options?: Parameters<typeof spawn>[2]): ChildProcess;
  /** Ends the holder. Interfaces and mounts go with the last process inside. */
  close(): Promise<void>;
}

/** Directories in which programs leave sockets and state by absolute path: each host needs its own. */
const ownDirectories = ['/run', '/usr/local/var/run'];

/**
 * Opens a namespace in which `/run`, and `/usr/local/var/run` where there is one, is an empty tmpfs (so that wireguard-go's and BIRD's
 * sockets do not collide with those of other hosts, and none of the machine's is found) and `lo` is up. Needs root, also the mapped root of a user namespace.
 */
export async function openNamespace(name: string): Promise<Namespace> {
  const holder = spawn('unshare', ['--net', '--mount', '--propagation', 'private', 'sleep', 'infinity'], {
    stdio: 'ignore',
    env: childEnvironment(),
  });
  await once(holder, 'spawn');
  const pid = holder.pid ?? 0;
  try {
    await untilInside(holder, pid);
    const namespace = inside(name, pid, holder);
    for (const directory of ownDirectories.filter((path) => existsSync(path)))
      await namespace.run('mount', ['-t', 'tmpfs', 'tmpfs', directory]);
    await namespace.run('mkdir', ['-p', '/run/wireguard', '/run/bird', '/run/lock']);
    await namespace.run('ip', ['link', 'set', 'lo', 'up']);
    return namespace;
  } catch (error) {
    holder.kill('SIGKILL');
    throw error;
  }
}

/** `unshare` has entered the namespaces once it has become `sleep`. */
async function untilInside(holder: ChildProcess, pid: number): Promise<void> {
  const own = await readlink('/proc/self/ns/net');
  for (let waited = 0; waited < 10_000; waited += 5) {
    if (holder.exitCode !== null) throw new Error('unshare failed: namespaces need root or user namespaces');
    const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    const net = await readlink(`/proc/${pid}/ns/net`).catch(() => own);
    if (comm.trim() === 'sleep' && net !== own) return;
    await sleep(5);
  }
  throw new Error('unshare did not enter its namespaces within 10 s');
}

function inside(name: string, pid: number, holder: ChildProcess): Namespace {
  const enter = ['-t', String(pid), '--net', '--mount', '--'];
  return {
    name,
    pid,
    run: (program, args, options) => run('nsenter', [...enter, program, ...args], options),
    spawn: (program, args, options) =>
      spawn('nsenter', [...enter, program, ...args], { env: childEnvironment(), ...options }),
    close: async () => {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    },
  };
}
