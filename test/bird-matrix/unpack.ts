import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../src/platform/exec.js';

/**
 * Unpacks BIRD and what it needs into `tree`, and puts `bird` and `birdc` into `tree`/bin. They see the machine's files
 * like any other program, and have the C library and the other libraries of their own suite.
 */
export async function unpack(run: Run, archives: string, tree: string): Promise<void> {
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  for (const name of files) await run('dpkg-deb', ['-x', join(archives, name), tree], { timeoutMs: 120_000 });
  const libraries = await libraryDirectories(tree);
  const loader = await findLoader(tree, libraries);
  await mkdir(join(tree, 'bin'), { recursive: true });
  for (const program of ['bird', 'birdc']) {
    await writeFile(join(tree, 'bin', program), launcher(program, loader, libraries), { mode: 0o755 });
  }
}

/** `exec`, so that the process that was started is the daemon. */
function launcher(program: string, loader: string, libraries: readonly string[]): string {
  const path = libraries.map((directory) => `$tree/${directory}`).join(':');
  return `#!/bin/sh
tree=\${0%/bin/*}
exec "$tree/${loader}" --library-path "${path}" "$tree/usr/sbin/${program}" "$@"
`;
}

/** `lib` and `usr/lib` of the machine's kind, such as `usr/lib/x86_64-linux-gnu`. */
async function libraryDirectories(tree: string): Promise<string[]> {
  const found = await Promise.all(
    ['lib', 'usr/lib'].map(async (parent) => {
      const names = await readdir(join(tree, parent)).catch(() => []);
      return names.filter((name) => /-linux-gnu/.test(name)).map((name) => join(parent, name));
    }),
  );
  return found.flat();
}

async function findLoader(tree: string, libraries: readonly string[]): Promise<string> {
  for (const directory of libraries) {
    const name = (await readdir(join(tree, directory))).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
    if (name !== undefined) return join(directory, name);
  }
  throw new Error(`no dynamic loader in ${libraries.join(', ')}`);
}
