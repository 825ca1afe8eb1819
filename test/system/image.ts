import { createHash } from 'node:crypto';
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../../src/platform/exec.js';
import { debianMirror } from '../bird-matrix/debian-archive.js';
import type { Debian } from './debian.js';

const cache = fileURLToPath(new URL('../../.cache/system/', import.meta.url));
const recipe = new URL('./image.ts', import.meta.url);

/** What every machine has. */
const base = ['systemd', 'systemd-sysv', 'dbus', 'procps'];

/** What the agent's package needs or recommends, besides BIRD: apt has it at hand, and installs it when it is asked to. */
export const needed = [
  ...['wireguard-go', 'wireguard-tools', 'iproute2', 'libstdc++6'],
  ...['fping', 'iputils-ping', 'traceroute'],
];

/** For what the tests do besides. */
const ofTests = ['curl'];

/** Node for what a test runs beside the agent, where no program looks for it. */
export const nodeOfTests = '/opt/test/node';

/**
 * The root directory of a fresh Debian whose apt can install all that the agent needs without a network. From the cache, where it
 * is only ever complete, or made now. Throws where Debian's archive is not to be had: nothing is skipped.
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
    await make(run, debian, join(aside, 'root'));
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

async function make(run: Run, { suite, bird }: Debian, root: string): Promise<void> {
  const include = `--include=${base.join(',')}`;
  await run('debootstrap', ['--variant=minbase', include, suite, root, await debianMirror(run)], {
    timeoutMs: 600_000,
  });
  // This machine's apt, which knows the way to the mirror, on the files of that one.
  const status = join(root, 'var/lib/dpkg/status');
  const there = { Dir: root, 'Dir::State::status': status, 'APT::Sandbox::User': 'root' };
  const options = Object.entries(there).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const aptGet = (...args: readonly string[]) =>
    run('apt-get', [...options, ...args], { timeoutMs: 300_000 });
  await aptGet('--error-on=any', 'update');
  await aptGet('--no-install-recommends', '--download-only', '--yes', 'install', bird, ...needed, ...ofTests);
  const node = join(root, nodeOfTests);
  await mkdir(join(root, 'opt/test'), { recursive: true });
  await copyFile(process.execPath, node);
  await chmod(node, 0o755);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
