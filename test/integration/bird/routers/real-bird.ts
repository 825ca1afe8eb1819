import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBird } from '../../../../src/adapters/bird/open-bird.js';
import type { BirdFile } from '../../../../src/core/model/artifacts.js';
import type { ObservedBird } from '../../../../src/core/model/observed.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import type { Bird } from '../../../../src/shell/ports/bird.js';

/** A BIRD directory as Debian has it (group bird, 0750) and, once started, a daemon as user bird that reads it. */
export interface RealBird {
  readonly base: string;
  readonly configDir: string;
  readonly controlSocket: string;
  readonly programs: readonly string[];
  open(mode: 'full' | 'include'): Bird;
  put(path: string, text: string): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function makeRealBird(namespace: Namespace): Promise<RealBird> {
  const base = await mkdtemp(join(tmpdir(), 'bird-'));
  await chmod(base, 0o755);
  const configDir = join(base, 'etc');
  const { uid, gid } = await birdUser(namespace);
  await mkdir(configDir);
  await chown(configDir, uid, gid);
  await chmod(configDir, 0o750);
  const controlSocket = join(base, 'bird.ctl');
  const programs: string[] = [];
  let daemon: ChildProcess | undefined;
  const stop = async () => {
    if (!daemon) return;
    await end(daemon);
    daemon = undefined;
    await rm(controlSocket, { force: true });
  };
  const open = (mode: 'full' | 'include') =>
    openBird({
      configDir,
      controlSocket,
      mode,
      run: (program, args, options) => {
        programs.push(program);
        return namespace.run(program, args, options);
      },
    });
  return {
    base,
    configDir,
    controlSocket,
    programs,
    open,
    stop,
    put: async (path, text) => {
      const target = join(configDir, path);
      await mkdir(dirname(target), { recursive: true });
      await chmod(dirname(target), 0o755);
      await writeFile(target, text);
    },
    start: async () => {
      daemon = startDaemon(namespace, join(configDir, 'bird.conf'), controlSocket, [
        '-u',
        'bird',
        '-g',
        'bird',
      ]);
      await until(async () => (await open('full').observe()).running);
    },
    close: async () => {
      await stop();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** BIRD in the foreground, so that it can be ended by its process. `nsenter` becomes `bird`: the pid is BIRD's. */
export function startDaemon(
  namespace: Namespace,
  config: string,
  controlSocket: string,
  options: readonly string[] = [],
): ChildProcess {
  return namespace.spawn('bird', ['-f', '-c', config, '-s', controlSocket, ...options], { stdio: 'ignore' });
}

export async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  daemon.kill('SIGKILL');
  await once(daemon, 'exit');
}

async function birdUser(namespace: Namespace): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string) => Number((await namespace.run('id', [flag, 'bird'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Waits for a condition, at most 60 s. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error('the condition was not met within 60 s');
}

/** Every file below the directory: path → bytes and mode. */
export async function tree(directory: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode, gid } = await stat(path);
    found[path.slice(directory.length + 1)] =
      `${(mode & 0o777).toString(8)} ${gid} ${await readFile(path, 'latin1')}`;
  }
  return found;
}

export function names(observed: ObservedBird): readonly string[] {
  return observed.running ? observed.protocols.map((protocol) => protocol.name) : [];
}

export function file(path: string, text: string): BirdFile {
  return { path, content: `# moenet-agent:node:\n${text}`, owner: { kind: 'node' } };
}
