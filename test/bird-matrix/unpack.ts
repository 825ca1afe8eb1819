import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../src/platform/exec.js';

/** A program of a package. */
export interface Program {
  readonly name: string;
  /** Its path in the package. */
  readonly path: string;
}

/**
 * Unpacks a package and what it needs into `tree`, and puts its programs into `tree`/bin. They see the machine's files
 * like any other program, and have the C library and the other libraries of their own suite.
 */
export async function unpack(
  run: Run,
  archives: string,
  tree: string,
  programs: readonly Program[],
): Promise<void> {
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  for (const name of files) await run('dpkg-deb', ['-x', join(archives, name), tree], { timeoutMs: 120_000 });
  const libraries = await libraryDirectories(tree);
  const loader = await findLoader(tree, libraries);
  await mkdir(join(tree, 'bin'), { recursive: true });
  for (const { name, path } of programs) {
    await writeFile(join(tree, 'bin', name), launcher(path, loader, libraries), { mode: 0o755 });
  }
}

/**
 * `exec`, so that the process that was started is the daemon. `--argv0`: a daemon that starts itself again, as OpenBGPD does for its
 * parts, comes back here.
 */
function launcher(program: string, loader: string, libraries: readonly string[]): string {
  const path = libraries.map((directory) => `$tree/${directory}`).join(':');
  return `#!/bin/sh
tree=\${0%/bin/*}
exec "$tree/${loader}" --argv0 "$0" --library-path "${path}" "$tree/${program}" "$@"
`;
}

/** `lib` and `usr/lib` of the machine's kind, such as `usr/lib/x86_64-linux-gnu`, and in it the directory of FRR's own. */
async function libraryDirectories(tree: string): Promise<string[]> {
  const found = await Promise.all(
    ['lib', 'usr/lib'].map(async (parent) => {
      const names = await readdir(join(tree, parent)).catch(() => []);
      return names.filter((name) => /-linux-gnu/.test(name)).map((name) => join(parent, name));
    }),
  );
  return found.flat().flatMap((directory) => [directory, join(directory, 'frr')]);
}

async function findLoader(tree: string, libraries: readonly string[]): Promise<string> {
  for (const directory of libraries) {
    const names = await readdir(join(tree, directory)).catch(() => []);
    const name = names.find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
    if (name !== undefined) return join(directory, name);
  }
  throw new Error(`no dynamic loader in ${libraries.join(', ')}`);
}
