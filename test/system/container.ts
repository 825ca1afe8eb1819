import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { type RunResult, run } from '../../src/platform/exec.js';
import type { Debian } from './debian.js';
import { fetchRoot, needed } from './image.js';

const project = fileURLToPath(new URL('../../', import.meta.url));
const anyExit = Array.from({ length: 256 }, (_, code) => code);
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A machine of its own: a Debian whose first process is systemd. */
export interface Container {
  /** Its root directory, seen from here. */
  readonly root: string;
  /** Runs a command in it, as root. Throws where it fails. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** As `run`, whatever its exit code. */
  try(program: string, ...args: readonly string[]): Promise<RunResult>;
  /** Boots it, and waits until systemd has started all. */
  boot(): Promise<void>;
  /** Shuts it down as `systemctl poweroff` does. */
  shutDown(): Promise<void>;
  close(): Promise<void>;
}

/** A new Debian, not yet booted. */
export async function openContainer(debian: Debian): Promise<Container> {
  const image = await fetchRoot(run, debian, (text) => console.error(text));
  const base = await mkdtemp(join(tmpdir(), 'moenet-system-'));
  const root = join(base, 'root');
  await run('cp', ['--archive', '--reflink=auto', image, root], { timeoutMs: 300_000 });
  let nspawn: ChildProcess | undefined;
  let leader = '';

  const enter = (program: string, args: readonly string[]) =>
    run('nsenter', ['--target', leader, '--all', '--', 'env', `PATH=${path}`, program, ...args], {
      okExitCodes: anyExit,
      timeoutMs: 300_000,
    });
  const shutDown = async () => {
    if (!nspawn || nspawn.exitCode !== null) return;
    // systemd's SIGRTMIN+4: power off.
    nspawn.kill('SIGTERM');
    await Promise.race([once(nspawn, 'exit'), ended(30_000)]);
    if (nspawn.exitCode === null) nspawn.kill('SIGKILL');
    nspawn = undefined;
  };
  return {
    root,
    try: (program, ...args) => enter(program, args),
    run: async (program, ...args) => {
      const { exitCode, stdout, stderr } = await enter(program, args);
      expect(exitCode, `${program} ${args.join(' ')}: ${stdout}${stderr}`).toBe(0);
      return stdout.trim();
    },
    boot: async () => {
      const isolation = [
        '--private-network',
        '--register=no',
        '--keep-unit',
        `--machine=moenet-${process.pid}`,
      ];
      const child = spawn('systemd-nspawn', ['--quiet', `--directory=${root}`, '--boot', ...isolation], {
        stdio: 'ignore',
      });
      nspawn = child;
      await vi.waitFor(
        async () => {
          leader = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim();
          const { stdout } = await enter('systemctl', ['is-system-running']);
          expect(['running', 'degraded']).toContain(stdout.trim());
        },
        { timeout: 60_000, interval: 200 },
      );
    },
    shutDown,
    close: async () => {
      await shutDown();
      await rm(base, { recursive: true, force: true });
    },
  };
}

function ended(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** `apt-get install` of packages by name, of which apt has the files, or by path. */
export function aptInstall(
  { run: inside }: Pick<Container, 'run'>,
  ...what: readonly string[]
): Promise<string> {
  const options = ['--no-install-recommends', '--yes', '--allow-downgrades'];
  const quietly = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'Dpkg::Use-Pty=0'];
  return inside('env', ...quietly, ...options, 'install', ...what);
}

/** Puts npm's package where the README has an operator put it. */
export async function installFromNpm(container: Container, bird: string): Promise<void> {
  const { root } = container;
  await aptInstall(container, bird, ...needed);
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  const home = join(root, 'usr/local/lib/moenet-agent');
  await mkdir(home, { recursive: true });
  for (const name of ['dist', 'package.json', 'systemd'])
    await cp(join(project, name), join(home, name), { recursive: true });
  await chmod(join(home, 'dist/main.js'), 0o755);
  await symlink('/usr/local/lib/moenet-agent/dist/main.js', join(root, 'usr/local/bin/moenet-agent'));
  await installUnits(container);
}

/** The unit files and the users that they need. */
export async function installUnits({ run: inside }: Pick<Container, 'run'>): Promise<void> {
  const from = '/usr/local/lib/moenet-agent/systemd';
  await inside('sh', '-c', `cp ${from}/*.service ${from}/*.socket /etc/systemd/system/`);
  await inside(
    'sh',
    '-c',
    `mkdir -p /etc/sysusers.d && cp ${from}/sysusers.d/moenet-agent.conf /etc/sysusers.d/`,
  );
  await inside('systemd-sysusers');
  await inside('systemctl', 'daemon-reload');
}
