import { readFile, rm, writeFile } from 'node:fs/promises';
import type { FaultyNode } from './faulty-node.js';

/**
 * Has a program of the node take so many seconds longer from now on, where its first argument is as said (`ip -force`).
 * Its name alone: always.
 */
export async function makeSlow(node: FaultyNode, what: string, seconds: number): Promise<void> {
  const [program = '', argument = '*'] = what.split(' ');
  const { stdout } = await node.namespace.run('which', [program]);
  // The pause has none of the agent's pipes: who is killed must not seem to go on.
  const text = `#!/bin/sh
case "$1" in
${argument})
  echo "${what}" >> ${node.path('slow.log')}
  sleep ${seconds} </dev/null >/dev/null 2>&1
esac
exec ${stdout.trim()} "$@"
`;
  await writeFile(node.path(`bin/${program}`), text, { mode: 0o755 });
}

/** Whether a slow program was called. */
export async function isSlowCalled(node: FaultyNode, what: string): Promise<boolean> {
  const calls = await readFile(node.path('slow.log'), 'utf8').catch(() => '');
  return calls.split('\n').includes(what);
}

/** All programs are as fast as they were, and none was called. */
export async function restore(node: FaultyNode): Promise<void> {
  const slow = ['wg', 'ip', 'wireguard-go'].map((program) => `bin/${program}`);
  for (const file of [...slow, 'slow.log']) await rm(node.path(file), { force: true });
}
