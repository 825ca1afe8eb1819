import { chmod, cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** What the package installs, which needs nothing else, in a new directory that every user may read: the checkout itself may be closed to others. */
export async function installForAll(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-agent-installed-'));
  await chmod(directory, 0o755);
  for (const path of ['dist', 'templates', 'package.json'])
    await cp(join(project, path), join(directory, path), { recursive: true });
  return directory;
}
