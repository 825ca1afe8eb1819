import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';

/** A lab that was started as a process. */
export interface LabProcess {
  readonly process: ChildProcess;
  /** All of its output so far. */
  stdout(): string;
  stderr(): string;
  /** The process namespace in which all that it starts lives. */
  readonly pidNamespace: string;
  readonly exit: Promise<number | null>;
}

/**
 * Opens what is the machine to a lab: a network and mounts that no other program changes. Mounts spread from it as they do
 * on a machine with systemd: one that the lab lets out of its own namespaces is seen here.
 */
export async function openMachine(): Promise<Namespace> {
  const machine = await openNamespace('machine');
  await machine.run('mount', ['--make-rshared', '/']);
  return machine;
}

/** Starts a program of the machine that is (or becomes) the lab and returns once it is inside its own namespaces. */
export async function startLab(
  machine: Namespace,
  program: string,
  args: readonly string[],
): Promise<LabProcess> {
  // Every user may be in `/`.
  const process = machine.spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  process.stdout?.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  process.stderr?.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  const exit = new Promise<number | null>((resolve) => process.on('exit', (code) => resolve(code)));
  const pidNamespace = await untilInside(process);
  return {
    process,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    pidNamespace,
    exit,
  };
}

/** The pids of the processes that still live in a process namespace; the dead that no one asked about do not count. */
export async function processesIn(pidNamespace: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const inside = await Promise.all(pids.map(async (pid) => (await namespaceOf(pid)) === pidNamespace));
  return pids.filter((_, index) => inside[index]);
}

/** The pid, as this machine has it, of the process that is number 1 in a process namespace. */
export async function firstProcessIn(pidNamespace: string): Promise<number> {
  for (const pid of await processesIn(pidNamespace)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^NSpid:.*\t1$/m.test(status)) return Number(pid);
  }
  throw new Error(`no process is number 1 in ${pidNamespace}`);
}

export interface MachineState {
  readonly links: readonly string[];
  readonly namespaces: string;
  /** The kernel's numbers of the mounts: whoever renames a directory outside changes their paths. */
  readonly mounts: readonly string[];
}

/** What a lab could leave on its machine: interfaces, named network namespaces, mounts. */
export async function machineState({ run, pid }: Namespace): Promise<MachineState> {
  const links = JSON.parse((await run('ip', ['-j', 'link'])).stdout) as readonly { ifname: string }[];
  const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8');
  return {
    links: links.map(({ ifname }) => ifname).sort(),
    namespaces: (await run('ip', ['netns', 'list'])).stdout,
    mounts: mounts.split('\n').map((line) => line.split(' ')[0] ?? ''),
  };
}

/** Waits until the condition holds; throws with `what` when it does not in time. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  limitMs = 60_000,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 50) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`waited ${limitMs / 1000} s for ${what}`);
}

/** The lab's first process is the grandchild: the child is `unshare`, which waits for it. */
async function untilInside(lab: ChildProcess): Promise<string> {
  const own = await readlink('/proc/self/ns/pid');
  let found: string | undefined;
  await until('the lab to enter its namespaces', async () => {
    if (lab.exitCode !== null) throw new Error(`the lab ended at once with exit code ${lab.exitCode}`);
    for (const child of await childrenOf(String(lab.pid))) {
      for (const grandchild of await childrenOf(child)) {
        const namespace = await namespaceOf(grandchild);
        if (namespace !== undefined && namespace !== own && (await isNode(grandchild))) found = namespace;
      }
    }
    return found !== undefined;
  });
  return found ?? '';
}

/** The pids of a process's children. */
export async function childrenOf(pid: string): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter((child) => child !== '');
}

/** Tells the lab from the `true` with which it tries whether namespaces are allowed. */
async function isNode(pid: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.includes('main.js') && !commandLine.startsWith('unshare');
}

function namespaceOf(pid: string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}
