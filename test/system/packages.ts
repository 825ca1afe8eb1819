import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { architecture, buildRelease } from '../release/package.js';

const project = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(project, '.cache/system');

/** The versions that the tests install: one, and a newer one of the same source. */
export const [older, newer] = ['1.0.0', '1.1.0'] as const;

/** The files of `moenet-agent_VERSION_ARCH.deb` and `moenet-agent-linux-ARCH`. */
export interface Packages {
  readonly older: string;
  readonly newer: string;
  /** The executable alone, of the older version. */
  readonly executable: string;
}

/** The packages of this source: those that an earlier run has built, or built now. */
export async function fetchPackages(log: (text: string) => void): Promise<Packages> {
  const directory = join(cache, `packages-${await hashOfSource()}`);
  const packages = {
    older: join(directory, debOf(older)),
    newer: join(directory, debOf(newer)),
    executable: join(directory, `moenet-agent-linux-${architecture}`),
  };
  if (await stat(directory).catch(() => undefined)) return packages;
  log(`building the packages: ${directory}`);
  await mkdir(cache, { recursive: true });
  for (const name of await readdir(cache))
    if (name.startsWith('packages-')) await rm(join(cache, name), { recursive: true });
  const aside = await mkdtemp(join(cache, '.new-'));
  try {
    for (const version of [newer, older]) {
      const built = await buildRelease('022', version);
      for (const name of await readdir(built)) await copyFile(join(built, name), join(aside, name));
      await rm(built, { recursive: true });
    }
    await rename(aside, directory);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return packages;
}

function debOf(version: string): string {
  return `moenet-agent_${version}_${architecture}.deb`;
}

/** Of all that a package is made of. */
async function hashOfSource(): Promise<string> {
  const files = ['package.json', 'package-lock.json', 'rolldown.config.js', 'README.md', 'CHANGELOG.md'];
  for (const directory of ['.release', 'docs', 'src', 'systemd', 'templates']) {
    const entries = await readdir(join(project, directory), { recursive: true, withFileTypes: true });
    const found = entries
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name).slice(project.length));
    files.push(...found.sort());
  }
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(project, file)));
  return hash.digest('hex').slice(0, 12);
}
