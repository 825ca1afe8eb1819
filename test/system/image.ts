import { createHash } from 'node:crypto';
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../../src/platform/exec.js';
import type { Debian } from './debian.js';

const cache = fileURLToPath(new URL('../../.cache/system/', import.meta.url));
const recipe = new URL('./image.ts', import.meta.url);
const mirror = 'http://deb.debian.org/debian';

/** What the README has an operator install, and what makes a machine of it. */
const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'procps'],
  ...['wireguard-go', 'wireguard-tools', 'iproute2', 'fping', 'iputils-ping', 'traceroute'],
];

/**
 * The root directory of a Debian as it is after the installation of the programs that the agent needs, with this machine's Node. From
 * the cache, where it is only ever complete, or made now. Throws where Debian's archive is not to be had: nothing is skipped.
 */
export async function fetchRoot(run: Run, debian: Debian, log: (text: string) => void): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(recipe))
    .update(`${debian.bird} ${process.version}`);
  const root = join(cache, `${debian.suite}-${hash.digest('hex').slice(0, 12)}`);
  if (await exists(root)) return root;
  log(`making a Debian ${debian.suite}: ${root}`);
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, '.new-'));
  try {
    const include = [...packages, debian.bird].join(',');
    await run(
      'debootstrap',
      ['--variant=minbase', `--include=${include}`, debian.suite, join(aside, 'root'), mirror],
      {
        timeoutMs: 600_000,
      },
    );
    const node = join(aside, 'root/usr/local/bin/node');
    await copyFile(process.execPath, node);
    await chmod(node, 0o755);
    await rename(join(aside, 'root'), root);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`a Debian ${debian.suite} cannot be made, and its tests are not skipped: ${why}`, {
      cause,
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return root;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
