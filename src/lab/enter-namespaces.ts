import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { childEnvironment } from '../platform/child-environment.js';
import { run } from '../platform/exec.js';
import { selfCommand } from '../platform/self.js';
import { namespaces, userNamespace } from './own-namespaces.js';
import type { PageFromInside } from './page/page-from-inside.js';
import { pageEnvironment, tellingPipe } from './tell.js';

/** Set inside; says whether it is the user's own namespaces (`user`) or root's (`root`). */
const insideVariable = 'MOENET_AGENT_LAB';

/**
 * How the process inside ends where the lab does not hold. Not 1: so ends Node at an error that nothing caught, and `unshare`
 * (util-linux 2.38) when a SIGKILL ended the process inside.
 */
export const exitCodeInside = 101;

/** What the lab's own output depends on. */
const forTheTerminal = ['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR'];

const graceMs = 3000;

/** True in the process that `enterNamespaces` has started. */
export function isInside(): boolean {
  return process.env[insideVariable] !== undefined;
}

/**
 * Starts this same command again as the first process of new network, mount and process namespaces, and waits for its
 * end. Whatever ends it ends everything inside, and the kernel clears up: no interface, mount, file or process of
 * the lab is the machine's.
 *
 * Its standard input is a lifeline: it ends itself when this process is gone, in whatever way (`followOutside`).
 * `page` shows what the process inside tells, and that it has ended.
 * @returns 0 where the lab held, 1 where it did not and has said why, 130 where Ctrl-C ended it. Throws where it ended in
 * another way, such as by a signal.
 */
export async function enterNamespaces(page?: PageFromInside): Promise<number> {
  const user = await userNamespace(run);
  const inside = spawn('unshare', [...user, ...namespaces, '--', ...selfCommand, ...process.argv.slice(2)], {
    // The last is `tellingPipe`.
    stdio: ['pipe', 'inherit', 'inherit', page ? 'pipe' : 'ignore'],
    env: {
      ...childEnvironment(forTheTerminal),
      ...pageEnvironment(page?.address),
      [insideVariable]: user.length > 0 ? 'user' : 'root',
    },
    // A session of its own, so that Ctrl-C reaches this process alone, and the agents inside are not asked to stop.
    detached: true,
  });
  inside.stdin?.on('error', () => {});
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    inside.stdin?.destroy();
    setTimeout(() => inside.kill('SIGKILL'), graceMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  await once(inside, 'spawn');
  const pid = tellPid(inside);
  page?.follow(inside.stdio[tellingPipe] as Readable, pid);
  await once(inside, 'exit');
  await page?.end(endOf(inside, interrupted));
  if (interrupted) return 130;
  if (inside.exitCode === 0) return 0;
  if (inside.exitCode === exitCodeInside) return 1;
  throw new Error(earlyEnd(inside.signalCode ?? `exit code ${inside.exitCode}`));
}

/**
 * Inside: ends this process as soon as the one outside is gone. Being the first in its process namespace, it takes
 * everything with it.
 * @returns the number that the machine has for this process
 */
export function followOutside(): Promise<number> {
  process.stdin.on('close', () => process.exit(130));
  const lines = createInterface({ input: process.stdin });
  return new Promise((resolve) => lines.once('line', (line) => resolve(Number(line))));
}

/** Why the lab is gone, for its page. */
function endOf({ exitCode }: ChildProcess, interrupted: boolean): string {
  if (interrupted) return 'it was interrupted';
  if (exitCode === 0) return 'all was shown and checked';
  return exitCode === exitCodeInside
    ? 'not everything held; the terminal says why'
    : 'it ended early; see the terminal';
}

/** The process inside had no chance to say why it ended. */
function earlyEnd(how: string): string {
  return `the lab ended early (${how}): something killed it, or it failed with the error above. If the machine ran out of memory, dmesg says so`;
}

/** Only this side can see the number that the machine has for the process inside. */
async function tellPid(inside: ChildProcess): Promise<number> {
  const path = `/proc/${inside.pid}/task/${inside.pid}/children`;
  for (let tries = 0; tries < 100; tries++) {
    const [pid] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
    if (pid) {
      inside.stdin?.write(`${pid}\n`);
      return Number(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 0;
}
