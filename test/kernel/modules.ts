import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * Leaves those modules, and what they need, of all that a kernel's package has in `directory` (lib/modules/VERSION).
 * Throws for one that is neither there nor part of the kernel itself.
 */
export async function keepModules(directory: string, wanted: readonly string[]): Promise<void> {
  const files = (await readdir(directory, { recursive: true })).filter((path) => path.endsWith('.ko'));
  const paths = new Map(files.map((path) => [nameOf(path), join(directory, path)]));
  const builtIn = new Set(
    (await readFile(join(directory, 'modules.builtin'), 'utf8')).split('\n').map(nameOf),
  );
  const kept = new Set<string>();
  const due = wanted.map(nameOf);
  for (let name = due.pop(); name !== undefined; name = due.pop()) {
    const path = paths.get(name);
    if (path === undefined && !builtIn.has(name)) throw new Error(`Debian's kernel has no module ${name}`);
    if (path === undefined || kept.has(path)) continue;
    kept.add(path);
    due.push(...(await needsOf(path)));
  }
  for (const path of paths.values()) if (!kept.has(path)) await rm(path);
}

/** `kernel/fs/9p/9p.ko` → `9p`. A module's name has `_` where that of its file may have `-`. */
function nameOf(path: string): string {
  return basename(path, '.ko').replaceAll('-', '_');
}

/** What `modinfo` shows as `depends`: a module says itself whose symbols it uses. */
async function needsOf(path: string): Promise<readonly string[]> {
  const names = /\0depends=([^\0]*)\0/.exec(await readFile(path, 'latin1'))?.[1] ?? '';
  return names.split(',').filter(Boolean).map(nameOf);
}
