import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import type { Routing } from '../../../../src/core/model/routing.js';
import { renderBird } from '../../../../src/core/render/bird.js';
import { askBird } from '../../../../src/lab/hosts/bird-socket.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import { type RunResult, run } from '../../../../src/platform/exec.js';

/** Files by their path below BIRD's configuration directory. */
export type Tree = Readonly<Record<string, string>>;

/** Puts the files into a directory of their own while `use` runs. */
async function withTree<T>(tree: Tree, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-bird-'));
  try {
    for (const name of ['peers', 'ibgp.d']) await mkdir(join(directory, name));
    for (const [path, text] of Object.entries(tree)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What `bird -p` says of a tree's `bird.conf`; it throws where BIRD refuses it. */
export function parseTree(tree: Tree): Promise<RunResult> {
  return withTree(tree, (directory) => run('bird', ['-p', '-c', join(directory, 'bird.conf')]));
}

/** "2.0.12", of the BIRD that the tests run. */
export async function installedVersion(): Promise<string> {
  const { stdout, stderr } = await run('bird', ['--version']);
  const version = /BIRD version (\S+)/.exec(stdout + stderr)?.[1];
  if (version === undefined) throw new Error('bird --version names no version');
  return version;
}

/** The files of a node, as the agent would write them. */
export async function treeOf(routing: Routing): Promise<Tree> {
  const files = renderBird(routing, await loadTemplates());
  return Object.fromEntries(files.map(({ path, content }) => [path, content]));
}

export interface RunningBird {
  /** What `birdc` prints. */
  ask(command: string): Promise<string>;
  /** Loads other files in place of those that it runs with. Throws where BIRD refuses them. */
  configure(tree: Tree): Promise<void>;
  /** The prefixes in the answer to a `show route ...`, sorted. */
  networks(command: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts BIRD in the namespace; it has read its files and answers when this returns. */
export function startBird(namespace: Namespace, tree: Tree): Promise<RunningBird> {
  return withTree(tree, async (directory) => {
    const socket = '/run/bird/bird.ctl';
    const args = ['-f', '-c', join(directory, 'bird.conf'), '-s', socket];
    const child = namespace.spawn('bird', args, { stdio: 'ignore' });
    const ask = (command: string) => askAsBirdc(`/proc/${namespace.pid}/root${socket}`, command);
    const stop = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    };
    const configure = (next: Tree) =>
      withTree(next, async (staged) => {
        const answer = await ask(`configure "${join(staged, 'bird.conf')}"`);
        if (!answer.includes('Reconfig')) throw new Error(answer);
      });
    await vi.waitFor(() => ask('show status'), { timeout: 10_000, interval: 50 });
    return { ask, configure, networks: async (command) => networksIn(await ask(command)), stop };
  });
}

/** What birdc prints of an answer. Tests ask many times a second: a birdc each time takes longer than the BIRDs that they wait for. */
export async function askAsBirdc(socket: string, command: string): Promise<string> {
  const reply = await askBird(socket, command);
  return reply.replaceAll(/^(?:0000 .*\n|\d{4}[ -]| )/gm, '');
}

/** The prefixes that begin a line of an answer to `show route ...`, sorted. */
export function networksIn(answer: string): string[] {
  return Array.from(answer.matchAll(/^(\S+\/\d+)\s/gm), ([, network]) => network ?? '').sort();
}
